"""The peers that run once and end: kubectl, and the load generator, which shows what the API server can take."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from plane import Plane


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float


def kubectl_apply(program: str, plane: Plane, folder: Path, home: Path) -> Run:
    """kubectl apply of a folder. A HOME of its own: it has to discover the API as all others do."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [program, f"--kubeconfig={plane.kubeconfig}", "apply", "--recursive", f"--filename={folder}"],
        env={**os.environ, "HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"kubectl apply: {done.stderr[-2000:]}")
    return Run(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@dataclass(frozen=True)
class Way:
    """How the load generator sends."""

    http: int
    in_flight: int

    def __str__(self) -> str:
        return f"HTTP/{'2' if self.http == 2 else '1.1'}, {self.in_flight} in flight"


def generate_load(program: str, plane: Plane, writes: Path, way: Way) -> float:
    """Seconds for all the writes."""
    pki = plane.pki
    command = [program, plane.url, str(pki / "ca.crt"), str(pki / "admin.crt"), str(pki / "admin.key")]
    done = subprocess.run([*command, str(way.http), str(way.in_flight), str(writes)], stdout=subprocess.PIPE, text=True)
    result = json.loads(done.stdout or "{}")
    if done.returncode != 0 or result["failed"]:
        raise RuntimeError(f"load generator, {way}: {result.get('failed')} failed: {result.get('failure')}")
    return float(result["seconds"])
