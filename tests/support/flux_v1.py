"""The released Flux v1."""

from __future__ import annotations

import re
import subprocess

from .cluster import Plane
from .fluxd import GC
from .git import GitRepo
from .paths import TESTS


class FluxV1:
    """fluxd 1.25.4 on the shared control plane."""

    def __init__(self, plane: Plane, repo: GitRepo) -> None:
        self._plane, self._repo = plane, repo
        self.log_file = plane.folder / "flux-v1.log"

    def _run(self, *arguments: str) -> None:
        command = [str(TESTS / "kube" / "flux-v1"), str(self._plane.folder), *arguments]
        subprocess.run(command, check=True, timeout=1800, capture_output=True)

    def start(self, *more: str) -> None:
        """Flags in `more` win; without `--registry-disable-scanning=false` it does not scan."""
        flags = [f"--git-url={self._repo.url}", f"--git-branch={self._repo.branch}", GC, "--git-poll-interval=1s"]
        patience = ["--git-timeout=1m", "--sync-timeout=5m"]
        self._run("start", "--", *flags, *patience, "--sync-interval=3s", "--registry-disable-scanning", *more)

    def stop(self) -> None:
        self._run("stop")

    @property
    def url(self) -> str:
        """Of its API, once it is started."""
        return (self._plane.folder / "flux-v1.url").read_text().strip()

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def errors(self) -> list[str]:
        lines = [line for line in self.log().splitlines() if re.search(r"\berr(or)?=(?!null)", line)]
        # It looks up every kind that is served, also those of tests beside it, which go while it looks.
        passing = ("git repo not ready", "not found in cache; cache refreshes")
        return [line for line in lines if not any(each in line for each in passing)]
