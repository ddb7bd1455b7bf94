"""What a build calls itself, by the state of its source (cmake/write_version.cmake)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("cmake/write_version.cmake", "cmake/archived_commit.txt", ".gitattributes")


def git(tree: Path, *args: str) -> str:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", "-C", tree, *who, *args], check=True, capture_output=True, text=True, env=clean)
    return done.stdout.strip()


def written(tree: Path, to: Path) -> str:
    defines = ["-D", f"SOURCE={tree}", "-D", "VERSION=2.0.0", "-D", f"TO={to}"]
    subprocess.run(["cmake", *defines, "-P", tree / "cmake/write_version.cmake"], check=True)
    found = re.search(r'"([^"]*)"; }', to.read_text())
    assert found, to.read_text()
    return found[1]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    for part in PARTS:
        (tree / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, tree / part)
    git(tree, "init", "--quiet")
    git(tree, "add", ".")
    git(tree, "commit", "--quiet", "--message=one")
    return tree


def edit(tree: Path) -> None:
    (tree / "cmake/write_version.cmake").open("a").write("\n")


def archive(tree: Path) -> None:
    """Leaves what a tarball of HEAD holds."""
    packed = tree.parent / "tree.tar"
    git(tree, "archive", f"--output={packed}", "HEAD")
    shutil.rmtree(tree)
    shutil.unpack_archive(packed, tree)


def copy(tree: Path) -> None:
    """Leaves the files alone, as a copy of somebody's would be."""
    shutil.rmtree(tree / ".git")


def tag(*names: str) -> Callable[[Path], None]:
    return lambda tree: [git(tree, "tag", name) for name in names] and None


@pytest.mark.parametrize(
    "wanted, steps",
    [
        ("2.0.0-dev+COMMIT", []),
        ("2.0.0-dev+COMMIT-dirty", [edit]),
        ("2.0.0-dev+COMMIT", [tag("v1.9.0")]),
        ("2.0.0", [tag("v2.0.0")]),
        ("2.0.0", [tag("nightly", "v2.0.0")]),
        ("2.0.0-dev+COMMIT-dirty", [tag("v2.0.0"), edit]),
        ("2.0.0-dev+COMMIT", [archive]),
        ("2.0.0", [tag("nightly", "v2.0.0", "w"), archive]),
        ("2.0.0-dev", [copy]),
        ("2.0.0-dev", [tag("v2.0.0"), copy]),
    ],
)
def test_version(tree: Path, tmp_path: Path, wanted: str, steps: list[Callable[[Path], None]]) -> None:
    commit = git(tree, "rev-parse", "--short=7", "HEAD")
    for step in steps:
        step(tree)
    assert written(tree, tmp_path / "version.cc") == wanted.replace("COMMIT", commit)


def test_nothing_is_written_while_the_version_stays(tree: Path, tmp_path: Path) -> None:
    source = tmp_path / "version.cc"
    written(tree, source)
    os.utime(source, (1, 1))
    written(tree, source)
    assert source.stat().st_mtime == 1, "everything that depends on it would be built again"
    edit(tree)
    written(tree, source)
    assert source.stat().st_mtime > 1
