"""The embedded API server, where the real one would take too long and only the daemon's own use counts."""

from __future__ import annotations

import subprocess
from types import TracebackType
from typing import Self

from plane import Plane
from setting import Setting
from waiting import until


class Sandbox(Plane):
    """As a control plane for a daemon; it has no audit log and no controllers."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.folder("sandbox"))
        self._command = [setting.program("flux-sandbox"), "--listen=127.0.0.1:0", f"--write-kubeconfig={self.kubeconfig}"]

    def __enter__(self) -> Self:
        with open(self.folder / "sandbox.log", "w") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        until("the sandbox serves", lambda: self.kubeconfig.exists() and self.kubeconfig.stat().st_size > 0, 30)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)
