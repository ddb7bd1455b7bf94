"""Where things are, how much is measured, and what every step gets to work with."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from daemons import Fluxd
from plane import Plane
from support.git import GitRepo

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent


def say(text: str) -> None:
    """One line of progress, as scripts/say."""
    print(f"==> {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Scale:
    """How much is measured. A namespace is 50 objects, itself included (objects.py)."""

    namespaces: int = 20
    many_namespaces: int = 200
    most_namespaces: int = 2000
    rounds: int = 3
    peer_rounds: int = 3
    pushes: int = 200
    peer_pushes: int = 3
    still: int = 20  # syncs with nothing to do
    lists: int = 20
    asked_pushes: int = 30
    starts: int = 21
    peer_starts: int = 5
    images: int = 100
    image_tags: int = 100
    many_tags: int = 1000
    list_tags: int = 10_000
    webhooks: int = 30
    yaml_seconds: float = 3
    in_flight: tuple[int, ...] = (4, 8, 16, 32)

    @property
    def objects(self) -> str:
        return f"{self.namespaces * 50:,}"

    @property
    def many_objects(self) -> str:
        return f"{self.many_namespaces * 50:,}"


QUICK = Scale(
    namespaces=4,
    many_namespaces=10,
    most_namespaces=40,
    rounds=2,
    peer_rounds=1,
    pushes=20,
    peer_pushes=1,
    still=5,
    lists=5,
    asked_pushes=5,
    starts=5,
    peer_starts=1,
    images=10,
    image_tags=20,
    many_tags=50,
    list_tags=1000,
    webhooks=5,
    yaml_seconds=0.5,
    in_flight=(8, 32),
)


@dataclass(frozen=True)
class Setting:
    scale: Scale
    programs: Path  # fluxd, fluxctl, load-generator, yaml-load
    work: Path  # temporary; not below /run (tests/kube/README.md)
    cache: Path  # of tests/kube/build

    def plane(self, name: str) -> AbstractContextManager[Plane]:
        """A control plane that nobody has used."""
        return Plane(self.folder(name))

    def fluxd(self, plane: Plane, repo: GitRepo | None, *flags: str) -> Fluxd:
        """Ours, not yet started."""
        return Fluxd(self.program("fluxd"), self.folder("fluxd"), plane, repo, *flags)

    @property
    def kubectl(self) -> str:
        """That of the control plane."""
        return str(next(self.cache.glob("kubernetes-1.36.*/kubectl")))

    def folder(self, name: str) -> Path:
        """A new, empty folder; a number is added where the name is taken."""
        for number in range(1, 10_000):
            folder = self.work / (name if number == 1 else f"{name}-{number}")
            try:
                folder.mkdir(parents=True)
                return folder
            except FileExistsError:
                continue
        raise RuntimeError(f"too many folders {name}")

    def program(self, name: str) -> str:
        path = self.programs / name
        if not path.exists():
            raise RuntimeError(f"no {path}; run scripts/build release, or name another directory in FLUX_BIN")
        return str(path)


def test_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(os.environ.get("FLUX_TEST_CACHE") or f"{base}/flux-test")
