"""A stock kubectl, as a user types it."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
from pathlib import Path

from .wait import PATIENCE


class Kubectl:
    """Runs in a HOME of its own, so that no cache of another test decides anything."""

    def __init__(self, program: Path, kubeconfig: Path, namespace: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._command = [str(program), f"--namespace={namespace}"]
        self._folder = folder
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "KUBECONFIG": str(kubeconfig)}
        self._watches: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str, stdin: object = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """`stdin` that is no text is sent as JSON."""
        text = stdin if isinstance(stdin, str) or stdin is None else json.dumps(stdin)
        return subprocess.run(
            [*self._command, *words],
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            env=self._environment | environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=60 * PATIENCE,
        )

    def __call__(self, *words: str, stdin: object = None, **environment: str) -> str:
        """What it prints; a failure is the test's."""
        done = self.run(*words, stdin=stdin, **environment)
        assert done.returncode == 0, f"kubectl {' '.join(words)}: {done.stderr}"
        return done.stdout

    def watch(self, *words: str) -> Watch:
        process = subprocess.Popen(
            [*self._command, "get", "--watch", "--no-headers", *words],
            env=self._environment,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._watches.append(process)
        return Watch(process)

    def stop(self) -> None:
        for process in self._watches:
            process.kill()
            process.wait()


class Watch:
    """The lines of `kubectl get --watch`, as they come."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        self._out = process.stdout
        self._rest = b""
        os.set_blocking(self._out.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)

    def line(self) -> str:
        while b"\n" not in self._rest:
            assert self._selector.select(30 * PATIENCE), f"no line came; so far: {self._rest!r}"
            read = self._out.read()
            assert read, f"kubectl ended: {self._rest!r}"
            self._rest += read
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode()
