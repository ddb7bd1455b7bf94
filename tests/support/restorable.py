"""Clusters of one's own that can be halted, and come back with an older state under the same address."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from . import processes
from .cluster import Cluster, Plane, Sandbox
from .kube import Kube
from .wait import until


class RestorableSandbox(Sandbox):
    """It keeps nothing: it comes back empty."""

    def snapshot(self) -> None: ...

    def halt(self) -> None:
        self.stop()

    def resume(self) -> None:
        super().__init__(self.log_file.parent / "again")


class RestorablePlane(Cluster):
    """Comes back as it was when `snapshot()` was called, or empty if it never was."""

    def __init__(self) -> None:
        self.plane = Plane(shared=False)
        super().__init__("real", self.plane.kubeconfig)
        self._data, self._saved = self.plane.folder / "etcd", self.plane.folder / "etcd-saved"
        self._commands = {name: self._command(name) for name in ("etcd", "kube-apiserver")}

    def _pid_file(self, name: str) -> Path:
        return self.plane.folder / f"{name}.pid"

    def _pid(self, name: str) -> int:
        return int(self._pid_file(name).read_text())

    def _command(self, name: str) -> list[str]:
        return Path(f"/proc/{self._pid(name)}/cmdline").read_text().rstrip("\0").split("\0")

    def snapshot(self) -> None:
        """What a power failure would leave, which etcd is made for."""
        os.kill(self._pid("etcd"), signal.SIGSTOP)
        shutil.copytree(self._data, self._saved)
        os.kill(self._pid("etcd"), signal.SIGCONT)

    def halt(self) -> None:
        for name in reversed(self._commands):
            pid = self._pid(name)
            os.kill(pid, signal.SIGKILL)
            until(f"{name} is gone", lambda pid=pid: not processes.command_line(pid))

    def resume(self) -> None:
        shutil.rmtree(self._data)
        if self._saved.exists():
            self._saved.rename(self._data)
        for name, command in self._commands.items():
            with open(self.plane.folder / f"{name}.log", "ab") as log:
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self._pid_file(name).write_text(f"{process.pid}\n")
        self.kube = Kube(self.kubeconfig)
        until("the API server is ready", self._ready)

    def _ready(self) -> bool:
        try:
            return self.kube.get("/api/v1/namespaces/default") is not None
        except OSError:
            return False

    def clean(self) -> None: ...

    def stop(self) -> None:
        self.plane.stop()
