"""The two daemons, ours and the released 1.25.4, behind one face."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import process
from plane import Plane
from support.git import ENVIRONMENT, GitRepo
from support.paths import TESTS
from support.ports import free_port
from waiting import until

# The same for both: nothing happens by itself, garbage collection is on, no sync of many objects is cut short.
# Of a flag that is given twice the last one counts.
FLAGS = [
    "--git-poll-interval=1h",
    "--sync-interval=1h",
    "--git-timeout=2m",
    "--sync-timeout=20m",
    "--sync-garbage-collection",
    "--registry-disable-scanning",
    "--memcached-hostname=",
]
IDENTITY = "/api/flux/v6/identity.pub"


class Daemon(ABC):
    """`with` starts it, and returns when it has been started, which is before it serves; the end ends it."""

    pid: int
    began: float  # time.monotonic() of its start

    def __init__(self, plane: Plane, repo: GitRepo | None, *flags: str) -> None:
        self.plane, self.repo, self.port = plane, repo, free_port()
        git = [f"--git-url={repo.url}", f"--git-branch={repo.branch}"] if repo else []
        self.flags = [*FLAGS, *git, *flags]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None: ...

    @abstractmethod
    def stop(self) -> None: ...

    @property
    @abstractmethod
    def log(self) -> Path: ...

    def request(self, method: str, path: str, body: object = None, timeout: float = 30) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, path, payload, {"Content-Type": "application/json"} if payload else {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def notify(self) -> None:
        assert self.repo
        change = {"Kind": "git", "Source": {"URL": self.repo.url, "Branch": self.repo.branch}}
        status, text = self.request("POST", "/api/flux/v11/notify", change)
        if status != 202:
            raise RuntimeError(f"notify: {status} {text}")

    def serves(self) -> bool:
        try:
            return self.request("GET", IDENTITY, timeout=1)[0] == 200
        except OSError:
            return False

    def wait(self, what: str, condition: Callable[[], object], timeout: float, every: float = 0.002) -> float:
        """As until(), but gives up with the end of its log when it has ended or is too late."""

        def checked() -> bool:
            if not process.alive(self.pid):
                raise RuntimeError("it ended")
            return bool(condition())

        try:
            return until(what, checked, timeout, every)
        except RuntimeError as error:
            tail = "\n".join(line[:400] for line in self.log.read_text(errors="replace").splitlines()[-15:])
            raise RuntimeError(f"{type(self).__name__}, {what}: {error}; its log:\n{tail}") from None

    def synced(self, timeout: float = 600) -> float:
        """Waits until the sync tag is on the head of the repository; the time.monotonic() of that."""
        assert self.repo
        head, seen = self.repo.head, ""
        while True:
            at = self.wait("the sync tag moves", lambda: self._tag() not in ("", seen), timeout)  # noqa: B023
            seen = self._tag()
            if self.repo.remote("rev-parse", "--verify", f"{seen}^{{commit}}") == head:
                return at

    def _tag(self) -> str:
        assert self.repo
        try:
            return (self.repo.bare / "refs/tags/flux-sync").read_text().strip()
        except OSError:
            return ""

    def syncs(self) -> int:
        """How many syncs have succeeded."""
        name = 'flux_daemon_sync_duration_seconds_count{success="true"} '
        lines = self.request("GET", "/metrics")[1].splitlines() if self.serves() else []
        return sum(int(float(line.removeprefix(name))) for line in lines if line.startswith(name))

    def refreshes(self) -> int:
        """How often it has looked at the repository."""
        return self.log.read_text(errors="replace").count("event=refreshed")


class Fluxd(Daemon):
    """Ours."""

    def __init__(self, program: str, folder: Path, plane: Plane, repo: GitRepo | None, *flags: str) -> None:
        super().__init__(plane, repo, *flags)
        self.program, self.folder = program, folder

    @property
    def log(self) -> Path:
        return self.folder / "fluxd.log"

    def start(self) -> None:
        (self.folder / "home").mkdir(exist_ok=True)
        (self.folder / "tmp").mkdir(exist_ok=True)
        environment = {
            "PATH": ENVIRONMENT["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "KUBECONFIG": str(self.plane.kubeconfig),
        }
        command = [self.program, f"--listen=127.0.0.1:{self.port}", f"--ssh-keygen-dir={self.folder}", *self.flags]
        with open(self.log, "ab") as log:
            self.began = time.monotonic()
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.pid = self._process.pid

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class FluxV1(Daemon):
    """The released fluxd 1.25.4, with its kubectl."""

    served: float | None = None  # when its API answered, on the clock of `began`

    @property
    def log(self) -> Path:
        return self.plane.folder / "flux-v1.log"

    def start(self) -> None:
        self._end = threading.Event()
        poll = threading.Thread(target=self._poll)
        poll.start()
        try:
            self._start()
        finally:
            self._end.set()
            poll.join()

    def _start(self) -> None:
        command = [str(TESTS / "kube" / "flux-v1"), str(self.plane.folder), "start", "--", *self.flags]
        environment = {**os.environ, "FLUX_V1_PORT": str(self.port)}
        for _ in range(3):  # a port may be taken, and the script may take a slow exec for an ended process
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode == 0:
                break
        else:
            raise RuntimeError(f"fluxd 1.25.4 did not start: {done.stderr[-2000:]}")
        self.pid = int((self.plane.folder / "flux-v1.pid").read_text())
        self.began = process.started(self.pid)
        if self.served is None:
            self.served = until("fluxd 1.25.4 serves", self.serves, 60, every=0.001)

    def _poll(self) -> None:
        """Beside the script, which returns some time after the API has answered."""
        while not self._end.wait(0.001):
            if self.serves():
                self.served = time.monotonic()
                return

    def stop(self) -> None:
        subprocess.run([str(TESTS / "kube" / "flux-v1"), str(self.plane.folder), "stop"], stdout=subprocess.DEVNULL)
