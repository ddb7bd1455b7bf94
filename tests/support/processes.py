"""Looking at the machine's processes through /proc."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def _read(pid: str, name: str) -> bytes:
    try:
        return Path("/proc", pid, name).read_bytes()
    except OSError:
        return b""


def _numbers() -> list[str]:
    return [entry for entry in os.listdir("/proc") if entry.isdigit()]


def command_line(pid: int | str) -> str:
    return _read(str(pid), "cmdline").replace(b"\0", b" ").decode(errors="replace").strip()


def mentioning(text: str) -> dict[int, str]:
    """Living processes that have `text` in their command line or environment, with their command lines."""
    wanted = text.encode()
    found = {}
    for pid in _numbers():
        if int(pid) == os.getpid() or not (wanted in _read(pid, "cmdline") or wanted in _read(pid, "environ")):
            continue
        if _read(pid, "stat").rpartition(b")")[2].split()[:1] not in ([b"Z"], []):
            found[int(pid)] = command_line(pid)
    return found


def descendants(pid: int) -> dict[int, str]:
    """The processes below `pid`, with their command lines."""
    parents = {}
    for each in _numbers():
        fields = _read(each, "stat").rpartition(b")")[2].split()
        if fields and fields[0] != b"Z":
            parents[int(each)] = int(fields[1])
    below: dict[int, str] = {}
    grown = True
    while grown:
        grown = False
        for child, parent in parents.items():
            if child not in below and (parent == pid or parent in below):
                below[child] = command_line(child)
                grown = True
    return below


def memory(pid: int, what: str = "VmRSS") -> int:
    """Bytes that are resident now, or were at most (VmHWM) since `forget_peak()`."""
    return int(_read(str(pid), "status").decode().split(what + ":")[1].split()[0]) << 10


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


class ProcessListWatch:
    """Reads the command lines of all the machine's processes again and again, looking for secrets: what `ps` shows.
    What the user wrote on fluxd's own command line is not counted."""

    def __init__(self, *secrets: str) -> None:
        self.seen: set[str] = set()
        self._secrets = [secret.encode() for secret in secrets]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._end.wait(0.002):
            for pid in _numbers():
                line = _read(pid, "cmdline")
                if b"--git-url=" not in line and any(secret in line for secret in self._secrets):
                    self.seen.add(line.replace(b"\0", b" ").decode(errors="replace"))

    def __enter__(self) -> ProcessListWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
