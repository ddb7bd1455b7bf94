"""A control plane of tests/kube with an audit log, the requests in that log, and whether the objects are there."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import objects
from support.kube import Server
from support.paths import TESTS

AGENT = "bench"  # begins the user agent of what bench/ itself asks, which is not counted


@dataclass(frozen=True)
class Mark:
    """A moment in the audit log."""

    offset: int
    at: float  # seconds since the epoch


@dataclass(frozen=True)
class Requests:
    count: int
    watches: int  # of these


class Plane:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kubeconfig = folder / "kubeconfig"
        self.pki = folder / "pki"
        self._audit = folder / "audit.log"

    def __enter__(self) -> Self:
        try:
            self._start()
            self.server = Server(self.kubeconfig)
            self._settle()
        except BaseException:  # an interrupt, too, must leave nothing running
            self._stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    def _start(self) -> None:
        with open(self.folder / "up.log", "w") as log:
            command = [str(TESTS / "kube" / "up"), str(self.folder)]
            done = subprocess.run(command, env={**os.environ, "KUBE_AUDIT": "1"}, stdout=log, stderr=log)
        if done.returncode != 0:
            raise RuntimeError(f"the control plane did not start:\n{(self.folder / 'up.log').read_text()[-2000:]}")

    def _stop(self) -> None:
        subprocess.run([str(TESTS / "kube" / "down"), str(self.folder)], stdout=subprocess.DEVNULL)

    @property
    def url(self) -> str:
        return f"https://{self.server.host}:{self.server.port}"

    def _settle(self, still: float = 0.7, at_most: float = 8) -> None:
        """Waits until the controllers have done what a new cluster gives them to do."""
        end = time.monotonic() + at_most
        size, since = -1, time.monotonic()
        while time.monotonic() < min(end, since + still):
            now = self._audit.stat().st_size
            if now != size:
                size, since = now, time.monotonic()
            time.sleep(0.05)

    # Requests of administrators: of the contestant, that is, for all parts of the plane have users of their own.

    def mark(self) -> Mark:
        return Mark(self._audit.stat().st_size, time.time())

    def requests_since(self, mark: Mark) -> Requests:
        """Requests that arrived since; a watch that was open before is none."""
        seen: dict[str, str] = {}
        with open(self._audit, "rb") as log:
            log.seek(mark.offset)
            for line in log:
                if b'"username":"admin"' not in line or not line.endswith(b"\n"):
                    continue
                event = json.loads(line)
                if event["user"]["username"] != "admin" or event.get("userAgent", AGENT).startswith(AGENT):
                    continue
                if _seconds(event["requestReceivedTimestamp"]) >= mark.at:
                    seen[event["auditID"]] = event["verb"]
        return Requests(len(seen), sum(verb == "watch" for verb in seen.values()))

    # What is in the cluster.

    def get(self, path: str) -> objects.Object:
        connection = self.server.connect(60)
        try:
            connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "application/json"})
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"GET {path}: {response.status} {text[:300]!r}")
        answer: objects.Object = json.loads(text)
        return answer

    def expect(self, namespaces: int) -> None:
        """Fails when one of the objects is not there: a contestant that did not do the work has not won."""
        for collection, wanted in objects.names(namespaces).items():
            found = {
                (each["metadata"].get("namespace", ""), each["metadata"]["name"])
                for each in self.get(collection)["items"]
            }
            if missing := wanted - found:
                raise RuntimeError(f"{len(missing)} of {collection} are missing, such as {sorted(missing)[:3]}")


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()
