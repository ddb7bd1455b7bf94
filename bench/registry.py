"""Debian's docker-registry with many images, which are written where it keeps them: to push them would take minutes."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from support.ports import free_port
from waiting import until

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"


class Registry:
    """`with` serves `folder`. All repositories of one size have the same images: 1.0.0, 1.0.1 and so on, each made a minute
    after the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = folder / "data" / "docker" / "registry" / "v2"
        self._log = folder / "registry.log"
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"

    def fill(self, name: str, count: int, tags: int) -> list[str]:
        """Makes `count` repositories NAME-0 and so on; their names as a workload has them, without tag."""
        first = self._repository(f"{name}-0")
        for number in range(tags):
            self._image(first, number)
        for number in range(1, count):
            self._repository(f"{name}-{number}").symlink_to(first)
        return [f"{self.host}/{name}-{number}" for number in range(count)]

    @staticmethod
    def tag(number: int) -> str:
        return f"1.{number // 100}.{number % 100}"

    def add(self, name: str, number: int) -> str:
        """Adds one image to NAME and to all repositories that share its images; the tag."""
        return self._image(self._repository(name), number)

    def __enter__(self) -> Self:
        config = {
            "version": 0.1,
            "log": {"level": "error", "accesslog": {"disabled": False}},
            "storage": {"filesystem": {"rootdirectory": str(self._folder / "data")}},
            "http": {"addr": self.host},
        }
        (self._folder / "config.yml").write_text(json.dumps(config))
        with open(self._log, "wb") as log:
            command = ["docker-registry", "serve", str(self._folder / "config.yml")]
            environment = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "OTEL_TRACES_EXPORTER": "none"}
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        until("the registry serves", self._serves, 30)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)

    def mark(self) -> int:
        """A moment in the log of requests."""
        return self._log.stat().st_size

    def requests_since(self, mark: int) -> int:
        with open(self._log, "rb") as log:
            log.seek(mark)
            return sum(b" HTTP/1.1" in line for line in log)

    def _serves(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/v2/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _repository(self, name: str) -> Path:
        path = self._store / "repositories" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _image(self, repository: Path, number: int) -> str:
        tag, day, minute = self.tag(number), number // 1440, number % 1440
        created = f"2026-{day // 28 + 1:02}-{day % 28 + 1:02}T{minute // 60:02}:{minute % 60:02}:00Z"
        about = {"architecture": "amd64", "os": "linux", "created": created, "rootfs": {"type": "layers", "diff_ids": []}}
        config = json.dumps(about).encode()
        described = {"mediaType": _CONFIG, "size": len(config), "digest": self._blob(config)}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": []}
        digest = self._blob(json.dumps(manifest).encode())
        self._link(repository / "_layers" / "sha256" / _hex(described["digest"]), str(described["digest"]))
        self._link(repository / "_manifests" / "revisions" / "sha256" / _hex(digest), digest)
        self._link(repository / "_manifests" / "tags" / tag / "current", digest)
        return tag

    def _blob(self, content: bytes) -> str:
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        path = self._store / "blobs" / "sha256" / _hex(digest)[:2] / _hex(digest)
        path.mkdir(parents=True, exist_ok=True)
        (path / "data").write_bytes(content)
        return digest

    @staticmethod
    def _link(folder: Path, digest: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "link").write_text(digest)


def _hex(digest: object) -> str:
    return str(digest).removeprefix("sha256:")
