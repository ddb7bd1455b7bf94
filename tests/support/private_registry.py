"""Debian's docker-registry behind a user and a password."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import subprocess
from pathlib import Path

from .kube import Object
from .ports import free_port
from .wait import until

USER, PASSWORD = "rob", "s3cret-pw"
_HTPASSWD = "rob:$2b$04$g89YLrjvZwylMQcqNLliGuoMl8qy9Gg4hWI7haN0UzbV0w1egWBhK\n"

_CONFIG = """\
version: 0.1
log: {{level: warn}}
storage: {{filesystem: {{rootdirectory: "{folder}/data"}}}}
http: {{addr: "127.0.0.1:{port}"}}
auth: {{htpasswd: {{realm: private, path: "{folder}/htpasswd"}}}}
"""


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


class PrivateRegistry:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        (folder / "htpasswd").write_text(_HTPASSWD)
        (folder / "config.yml").write_text(_CONFIG.format(folder=folder, port=self.port))
        with open(folder / "registry.log", "wb") as log:
            command = ["docker-registry", "serve", str(folder / "config.yml")]
            environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "OTEL_TRACES_EXPORTER": "none"}
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        until("the registry answers", self._is_up)

    def _is_up(self) -> bool:
        try:
            return self._ask("GET", "/v2/")[0] == 200
        except OSError:
            return False

    @staticmethod
    def authorization() -> str:
        return base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def docker_config(self) -> Object:
        return {"auths": {f"http://{self.host}/v2/": {"auth": self.authorization()}}}

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        headers = {"Authorization": "Basic " + self.authorization()} | ({"Content-Type": kind} if kind else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        location = answer.getheader("Location", "")
        connection.close()
        return answer.status, location

    def _push_blob(self, name: str, content: bytes) -> Object:
        status, location = self._ask("POST", f"/v2/{name}/blobs/uploads/")
        assert status == 202, status
        path = "/" + location.split("/", 3)[3] if "://" in location else location
        status, _ = self._ask("PUT", f"{path}&digest={_digest(content)}", content, "application/octet-stream")
        assert status == 201, status
        return {"size": len(content), "digest": _digest(content)}

    def push(self, name: str, *tags: str) -> None:
        """Images that differ, the first the oldest."""
        for day, tag in enumerate(tags, start=1):
            config = {"os": "linux", "architecture": "amd64", "created": f"2026-01-{day:02}T00:00:00Z", "config": {}}
            kind = "application/vnd.docker.distribution.manifest.v2+json"
            manifest = {
                "schemaVersion": 2,
                "mediaType": kind,
                "config": self._push_blob(name, json.dumps(config).encode())
                | {"mediaType": "application/vnd.docker.container.image.v1+json"},
                "layers": [
                    self._push_blob(name, tag.encode())
                    | {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip"}
                ],
            }
            status, _ = self._ask("PUT", f"/v2/{name}/manifests/{tag}", json.dumps(manifest).encode(), kind)
            assert status == 201, status

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
