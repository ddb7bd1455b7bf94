"""fluxctl, ours or the released one, as a user runs it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from .git import ENVIRONMENT
from .paths import TESTS, program
from .wait import PATIENCE


@dataclass(frozen=True)
class Printed:
    out: str
    err: str
    status: int


def released() -> Path:
    """fluxctl 1.25.4, as tests/kube/build made it."""
    script = f'. "{TESTS}/kube/lib.sh"; echo "$cache/flux-$FLUX_VERSION/fluxctl"'
    told = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True, timeout=30)
    path = Path(told.stdout.strip())
    if not path.exists():
        subprocess.run([str(TESTS / "kube" / "build"), "flux-v1"], check=True, timeout=3600)
    return path


class Fluxctl:
    """Runs in an empty HOME below `folder`. `url` is that of the API; without it the daemon is looked for in the cluster
    of `kubeconfig`."""

    def __init__(self, program: Path, folder: Path, kubeconfig: Path, url: str, is_ours: bool) -> None:
        self.is_ours = is_ours
        folder.mkdir(parents=True, exist_ok=True)
        self._program, self._folder = program, folder
        self._environment = {
            "PATH": ENVIRONMENT["PATH"],
            "HOME": str(folder),
            "KUBECONFIG": str(kubeconfig),
            "GIT_CONFIG_NOSYSTEM": "1",
            "TZ": "UTC",
        }
        if url:
            self._environment["FLUX_URL"] = url

    @classmethod
    def ours(cls, folder: Path, kubeconfig: Path, url: str = "") -> Fluxctl:
        return cls(program("fluxctl"), folder / "home-ours", kubeconfig, url, True)

    @classmethod
    def released(cls, folder: Path, kubeconfig: Path, url: str = "") -> Fluxctl:
        return cls(released(), folder / "home-released", kubeconfig, url, False)

    def run(self, *words: str, timeout: float = 60, **environment: str) -> Printed:
        done = subprocess.run(
            [str(self._program), *words],
            env=self._environment | environment,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout * PATIENCE,
        )
        return Printed(done.stdout, done.stderr, done.returncode)

    def __call__(self, *words: str, **environment: str) -> str:
        """What it prints on standard output; a failure is the test's."""
        done = self.run(*words, **environment)
        assert done.status == 0, f"fluxctl {' '.join(words)}: {done.err}"
        return done.out
