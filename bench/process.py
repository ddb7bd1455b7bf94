"""What a process used, from /proc and its CPU clock."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time."""

    own: float  # all threads, ended ones too, to the nanosecond
    children: float  # of children that have ended, in ticks of 10 ms

    def __sub__(self, before: Cpu) -> Cpu:
        return Cpu(self.own - before.own, self.children - before.children)


@dataclass(frozen=True)
class Memory:
    """Megabytes (10^6 bytes) of resident memory."""

    now: float
    peak: float


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on (proc(5)): the second may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu(pid: int) -> Cpu:
    fields = _stat(pid)
    clock = (~pid << 3) | 2  # what clock_getcpuclockid(3) makes of a process
    return Cpu(time.clock_gettime(clock), (int(fields[13]) + int(fields[14])) / _TICK)


def memory(pid: int) -> Memory:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, peak = (int(lines[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
    return Memory(now, peak)


def started(pid: int) -> float:
    """When it was started, on time.monotonic()'s clock, to 10 ms."""
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(_stat(pid)[19]) / _TICK
    return time.monotonic() - age


def alive(pid: int) -> bool:
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False
