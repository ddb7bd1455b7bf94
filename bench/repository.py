"""The repository that a daemon follows: the objects, and a README that is none."""

from __future__ import annotations

import objects
from setting import Setting
from support.git import GitRepo


def repository(setting: Setting, namespaces: int) -> GitRepo:
    repo = GitRepo(setting.folder("git"))
    objects.store(namespaces, repo.work)
    repo.commit({"README": "0\n"})
    return repo


def change_config_map(repo: GitRepo, key: tuple[str, str], revision: str) -> None:
    """Commits and pushes one changed line."""
    path = f"{key[0]}/{key[1]}.yaml"
    lines = repo.read(path).splitlines(keepends=True)
    repo.commit({path: "".join(f"  revision: '{revision}'\n" if "  revision: " in each else each for each in lines)})


def change_nothing(repo: GitRepo, text: str) -> None:
    """Commits and pushes a change that is in no manifest."""
    repo.commit({"README": text + "\n"})
