"""Real registries, filled with images that are a manifest and a config and nothing else."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import schema1
from .certificates import Authority
from .paths import TESTS
from .ports import free_port
from .wait import until

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"


DEBIAN = "docker-registry"


def newest() -> str:
    """The registry of distribution v3, as tests/kube/build made it."""
    script = f'. "{TESTS}/kube/lib.sh"; echo "$cache/registry-$REGISTRY_VERSION/registry"'
    told = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True, timeout=30)
    path = Path(told.stdout.strip())
    if not path.exists():
        subprocess.run([str(TESTS / "kube" / "build"), "registry"], check=True, timeout=3600)
    return str(path)


PROGRAMS: dict[str, Callable[[], str]] = {"debian": lambda: DEBIAN, "v3": newest}


class Registry:
    """On a free port of the loopback; `program` is DEBIAN or newest(). `tells` is an endpoint of its notifications, `auth`
    the part of its configuration of that name, and `tls` who signs its certificate. `authorization` is what it is sent
    when it is filled."""

    def __init__(
        self,
        folder: Path,
        program: str = DEBIAN,
        *,
        tells: dict[str, Any] | None = None,
        auth: dict[str, Any] | None = None,
        tls: Authority | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.authorization = ""
        self.program, self._folder = program, folder
        self._tls: ssl.SSLContext | None = tls.client() if tls else None
        self._log_file = folder / "registry.log"
        config: dict[str, Any] = {
            "version": 0.1,
            "log": {"level": "info", "accesslog": {"disabled": False}},
            "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
            "http": {"addr": self.host},
            "compatibility": {"schema1": {"enabled": True}},
        }
        if auth:
            config["auth"] = auth
        if tls:
            certificate, key = tls.issued()
            config["http"]["tls"] = {"certificate": str(certificate), "key": str(key)}
        if tells:
            config["notifications"] = {"endpoints": [{"name": "tests", "timeout": "5s", "threshold": 3, "backoff": "1s"} | tells]}
        self._config_file = folder / "config.yml"
        self._config_file.write_text(json.dumps(config))
        self.start()

    def start(self) -> None:
        """Also after a stop(), with all that it had."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "OTEL_TRACES_EXPORTER": "none"}
        with open(self._log_file, "ab") as log:
            command = [self.program, "serve", str(self._config_file)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        until("the registry serves", self._serves)

    def _serves(self) -> bool:
        try:
            return self._request("GET", "/v2/")[0] in (200, 401)
        except OSError:
            return False

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def image(self, name: str) -> str:
        """The name by which a workload uses a repository."""
        return f"{self.host}/{name}"

    def requests(self, part: str = "/v2/") -> int:
        """How many it has answered whose line in the log has `part`."""
        return sum(1 for line in self._log_file.read_text(errors="replace").splitlines() if " HTTP/" in line and part in line)

    def push(self, name: str, tag: str, created: str, oci: bool = False, **config: Any) -> str:
        """Makes an image; returns the digest of its manifest. `created` is RFC 3339."""
        return self._push_manifest(name, tag, *self._manifest(name, created, oci, config))

    def push_index(self, name: str, tag: str, created: str, *platforms: str) -> str:
        """An image for several platforms, `linux/amd64` and so on, with an attestation as builders make it."""
        entries = []
        for platform in (*platforms, "unknown/unknown"):
            system, architecture = platform.split("/")
            body, kind = self._manifest(name, created, True, {"os": system, "architecture": architecture})
            digest = self._push_manifest(name, _digest(body), body, kind)
            described = {"os": system, "architecture": architecture}
            entries.append({"mediaType": kind, "size": len(body), "digest": digest, "platform": described})
        entries.insert(0, entries.pop())
        body = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}).encode()
        return self._push_manifest(name, tag, body, OCI_INDEX)

    def push_schema1(self, name: str, tag: str, created: str, **config: Any) -> str:
        """An image as before 2015, which newer registries do not take."""
        image = {"id": "5" * 64, "architecture": "amd64", "os": "linux", "created": created} | config
        body = schema1.manifest(self._folder, name, tag, self._blob(name, b"layer"), image)
        return self._push_manifest(name, tag, body, schema1.SCHEMA1)

    def push_chart(self, name: str, tag: str) -> str:
        """A Helm chart, which is no image."""
        config = self._blob(name, b'{"name":"chart","version":"1.0.0","apiVersion":"v2"}')
        described = {"mediaType": "application/vnd.cncf.helm.config.v1+json", "size": 1, "digest": config}
        manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": described, "layers": []}
        return self._push_manifest(name, tag, json.dumps(manifest).encode(), OCI_MANIFEST)

    def delete(self, name: str, digest: str) -> None:
        """A tag stays, and points to nothing."""
        assert self._request("DELETE", f"/v2/{name}/manifests/{digest}")[0] == 202

    def _manifest(self, name: str, created: str, oci: bool, config: dict[str, Any]) -> tuple[bytes, str]:
        about = {"architecture": "amd64", "os": "linux", "created": created, "rootfs": {"type": "layers", "diff_ids": []}}
        text = json.dumps(about | config).encode()
        prefix = "application/vnd.oci.image" if oci else "application/vnd.docker.container.image"
        described = {
            "mediaType": f"{prefix}.config.v1+json" if oci else f"{prefix}.v1+json",
            "size": len(text),
            "digest": self._blob(name, text),
        }
        kind = OCI_MANIFEST if oci else DOCKER_MANIFEST
        return json.dumps({"schemaVersion": 2, "mediaType": kind, "config": described, "layers": []}).encode(), kind

    def _blob(self, name: str, content: bytes) -> str:
        status, headers, _ = self._request("POST", f"/v2/{name}/blobs/uploads/")
        assert status == 202, status
        place = headers["Location"].split(self.host, 1)[-1]
        joint = "&" if "?" in place else "?"
        status, _, text = self._request(
            "PUT", f"{place}{joint}digest={_digest(content)}", content, {"Content-Type": "application/octet-stream"}
        )
        assert status == 201, text
        return _digest(content)

    def _push_manifest(self, name: str, reference: str, body: bytes, kind: str) -> str:
        status, _, text = self._request("PUT", f"/v2/{name}/manifests/{reference}", body, {"Content-Type": kind})
        assert status == 201, text
        return _digest(body)

    def _request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, str]:
        if self._tls:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self._tls)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        own = {"Authorization": self.authorization} if self.authorization else {}
        try:
            connection.request(method, path, body, own | (headers or {}))
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode(errors="replace")
        finally:
            connection.close()


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
