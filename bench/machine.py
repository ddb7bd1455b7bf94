"""What the figures were measured on, and how quiet it was."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from setting import ROOT, Setting


def facts(setting: Setting) -> dict[str, str]:
    cpus = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = cpus[0].split(":", 1)[1].strip() if cpus else platform.machine()
    memory = int(Path("/proc/meminfo").read_text().split()[1]) * 1024 / 1e9
    linux = platform.release().split("-")[0]
    version = subprocess.run([setting.program("fluxd"), "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    describe = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    revision = subprocess.run(describe, capture_output=True, text=True).stdout.strip()
    kubernetes = setting.kubectl.split("/")[-2]
    return {
        "Measured": time.strftime("%Y-%m-%d"),
        "Machine": f"{os.cpu_count()} cores of {model}, {memory:.0f} GB, Linux {linux}",
        "Versions": f"fluxd {version} ({revision}); {kubernetes}; fluxd 1.25.4 with its own kubectl",
    }


@dataclass(frozen=True)
class Load:
    """Processor time of the whole machine since its start, in ticks."""

    total: int
    stolen: int

    @staticmethod
    def now() -> Load:
        ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return Load(sum(ticks), ticks[7])

    def stolen_since(self, before: Load) -> float:
        """The share that the hypervisor gave to others."""
        return (self.stolen - before.stolen) / max(1, self.total - before.total)


def busy() -> float:
    """Of each core, how much was wanted in the last minute."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)
