"""An interactive shell on a terminal of its own, typed to as a user would."""

from __future__ import annotations

import os
import pty
import re
import select
import termios
import time
from pathlib import Path

from .git import ENVIRONMENT
from .paths import program
from .wait import PATIENCE

# Colours, cursor movements, bracketed paste: what a terminal obeys and does not show.
CONTROL = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """Starts in `home`, with fluxctl on the PATH; `set_up` runs before anything is typed."""

    def __init__(self, command: list[str], home: Path, set_up: str) -> None:
        path = f"{program('fluxctl').parent}:{ENVIRONMENT['PATH']}"
        environment = {"PATH": path, "HOME": str(home), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(command[0], command, environment)
        self.shows(f"{set_up}; echo rea''dy\n", "ready")

    def shows(self, typed: str, expected: str, timeout: float = 10) -> str:
        """Types, and returns what the terminal shows once `expected` is among it."""
        os.write(self._terminal, typed.encode())
        end = time.monotonic() + timeout * PATIENCE
        shown = b""
        while expected.encode() not in CONTROL.sub(b"", shown):
            left = max(0, end - time.monotonic())
            assert select.select([self._terminal], [], [], left)[0], f"no {expected!r} after {typed!r}: {shown!r}"
            shown += os.read(self._terminal, 65536)
        return CONTROL.sub(b"", shown).decode()

    def takes_keys(self) -> bool:
        """Whether each key comes to the program at once, without waiting for the end of a line."""
        return not termios.tcgetattr(self._terminal)[3] & termios.ICANON

    def close(self) -> None:
        os.close(self._terminal)
        os.waitpid(self.pid, 0)
