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


# Nothing has to outlive the machine, and nothing is to run by itself.
_QUICK = "[core]\n\tfsync = none\n[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n[http]\n\treceivepack = true\n"


class GitRepo:
    def __init__(self, folder: Path, branch: str = "master") -> None:
        self.branch = branch
        self.bare = folder / "repo.git"
        self.work = folder / "work"
        self.url = f"file://{self.bare}"
        self.head = ""  # what was pushed last
        self._commits: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet", "--bare", f"--initial-branch={branch}", str(self.bare))
        git(folder, "init", "--quiet", f"--initial-branch={branch}", str(self.work))
        for config in (self.bare / "config", self.work / ".git" / "config"):
            config.write_text(config.read_text() + _QUICK)

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
        git(self.work, "push", "--quiet", "--force", str(self.bare), f"HEAD:refs/heads/{self.branch}")
        current = (self.work / ".git" / "HEAD").read_text().removeprefix("ref:").strip()
        self.head = (self.work / ".git" / current).read_text().strip()
        return self.head

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
        """Writes the files, removes those that are None, commits and pushes."""
        for path, content in files.items():
            self.remove(path) if content is None else self.write(path, content)
        return self.push(message)

    def rewind(self, revision: str) -> None:
        """Throws away what came after `revision` in the work tree; the next push is a forced one."""
        git(self.work, "reset", "--quiet", "--hard", revision)

    def remote(self, *arguments: str) -> str:
        return git(self.bare, *arguments)

    def revision(self, ref: str) -> str:
        """The commit that a ref of the remote repository leads to, or nothing. Nothing here packs refs, so git need not
        run each time that somebody asks while waiting."""
        try:
            target = (self.bare / ref).read_text().strip()
        except OSError:
            return ""
        if target not in self._commits:
            self._commits[target] = git(self.bare, "rev-parse", "--verify", f"{target}^{{commit}}")
        return self._commits[target]

    @property
    def marker(self) -> str:
        return self.revision("refs/tags/flux-sync")

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        lines = git(self.bare, "for-each-ref", "--format=%(refname) %(objectname)", prefix).splitlines()
        return dict(line.split(" ", 1) for line in lines)
