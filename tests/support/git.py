"""A git repository that the daemon syncs: a bare one that servers offer, and a work tree that commits into it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def git(folder: Path, *arguments: str, check: bool = True) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, timeout=60, text=True, errors="replace"
    )
    assert not check or done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


class GitRepo:
    def __init__(self, folder: Path, branch: str = "master") -> None:
        self.branch = branch
        self.bare = folder / "repo.git"
        self.work = folder / "work"
        self.url = f"file://{self.bare}"
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet", "--bare", f"--initial-branch={branch}", str(self.bare))
        git(folder, "init", "--quiet", f"--initial-branch={branch}", str(self.work))
        git(self.work, "remote", "add", "origin", str(self.bare))
        git(self.bare, "config", "http.receivepack", "true")

    def write(self, path: str, content: str | bytes) -> None:
        target = self.work / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def copy(self, source: Path, path: str = ".") -> None:
        shutil.copytree(source, self.work / path, dirs_exist_ok=True)

    def read(self, path: str) -> str:
        return (self.work / path).read_text()

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        target = self.work / path
        shutil.rmtree(target) if target.is_dir() and not target.is_symlink() else target.unlink()

    def rename(self, old: str, new: str) -> None:
        (self.work / new).parent.mkdir(parents=True, exist_ok=True)
        (self.work / old).rename(self.work / new)

    def push(self, message: str = "change") -> str:
        """Commits the work tree as it is and pushes it; the new revision."""
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", f"--message={message}")
        git(self.work, "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{self.branch}")
        return self.head

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        """Writes the files, removes those that are None, commits and pushes."""
        for path, content in files.items():
            self.remove(path) if content is None else self.write(path, content)
        return self.push(message)

    def rewind(self, revision: str) -> None:
        """Throws away what came after `revision` in the work tree; the next push is a forced one."""
        git(self.work, "reset", "--quiet", "--hard", revision)

    @property
    def head(self) -> str:
        return git(self.work, "rev-parse", "HEAD")

    def remote(self, *arguments: str) -> str:
        return git(self.bare, *arguments)

    def revision(self, ref: str) -> str:
        """The commit that a ref of the remote repository leads to, or nothing."""
        return git(self.bare, "rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}", check=False)

    @property
    def marker(self) -> str:
        return self.revision("refs/tags/flux-sync")

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        lines = git(self.bare, "for-each-ref", "--format=%(refname) %(objectname)", prefix).splitlines()
        return dict(line.split(" ", 1) for line in lines)
