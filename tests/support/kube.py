"""A small client of the Kubernetes API, for looking at and changing the cluster behind the daemon's back."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

Object = dict[str, Any]


class KubeError(AssertionError):
    """An answer that was not a success."""

    def __init__(self, status: int, method: str, path: str, body: str) -> None:
        super().__init__(f"{method} {path}: {status} {body[:500]}")
        self.status = status


class Server:
    """Where an API server is and how to speak to it, read from a kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text())
        contexts = {each["name"]: each["context"] for each in config["contexts"]}
        context = contexts[config["current-context"]]
        cluster = next(each["cluster"] for each in config["clusters"] if each["name"] == context["cluster"])
        users = [each.get("user") or {} for each in config.get("users") or [] if each["name"] == context.get("user")]
        user = users[0] if users else {}
        address = urlsplit(cluster["server"])
        self.host = address.hostname or "127.0.0.1"
        self.port = address.port or (443 if address.scheme == "https" else 80)
        self.headers = {"Authorization": f"Bearer {user['token']}"} if "token" in user else {}
        self._tls = self._context(cluster, user) if address.scheme == "https" else None

    @staticmethod
    def _context(cluster: Object, user: Object) -> ssl.SSLContext:
        def data(source: Object, name: str) -> bytes | None:
            if f"{name}-data" in source:
                return base64.b64decode(source[f"{name}-data"])
            return Path(source[name]).read_bytes() if name in source else None

        authority = data(cluster, "certificate-authority")
        context = ssl.create_default_context(cadata=authority.decode() if authority else None)
        certificate, key = data(user, "client-certificate"), data(user, "client-key")
        if certificate and key:
            with tempfile.NamedTemporaryFile() as both:
                both.write(certificate + b"\n" + key)
                both.flush()
                context.load_cert_chain(both.name)
        return context

    def connect(self, timeout: float | None) -> http.client.HTTPConnection:
        if self._tls:
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self._tls)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)


class Kube:
    def __init__(self, kubeconfig: Path) -> None:
        self._server = Server(kubeconfig)
        self._local = threading.local()
        self._resources: dict[tuple[str, str], tuple[str, bool]] = {}

    def request(self, method: str, path: str, body: object = None, content_type: str = "application/json") -> Object:
        payload = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", **self._server.headers}
        if payload is not None:
            headers["Content-Type"] = content_type
        for again in (True, False):
            connection = getattr(self._local, "connection", None) or self._server.connect(20)
            self._local.connection = connection
            try:
                connection.request(method, path, payload, headers)
                response = connection.getresponse()
                text = response.read().decode()
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                self._local.connection = None
                if not again:
                    raise
        if response.status >= 300:
            raise KubeError(response.status, method, path, text)
        answer: Object = json.loads(text) if text else {}
        return answer

    def get(self, path: str) -> Object | None:
        try:
            return self.request("GET", path)
        except KubeError as error:
            if error.status == 404:
                return None
            raise

    def list(self, path: str) -> list[Object]:
        answer = self.get(path)
        return answer.get("items") or [] if answer else []

    def create(self, path: str, body: Object) -> Object:
        return self.request("POST", path, body)

    def merge(self, path: str, body: Object) -> Object:
        return self.request("PATCH", path, body, "application/merge-patch+json")

    def apply(self, manifest: Object, namespace: str = "default") -> Object:
        """Creates or updates an object by server-side apply, as somebody else than the daemon."""
        path = self.path(manifest, namespace) + "?fieldManager=scenario&force=true"
        return self.request("PATCH", path, manifest, "application/apply-patch+yaml")

    def delete(self, path: str) -> None:
        try:
            self.request("DELETE", path)
        except KubeError as error:
            if error.status not in (404, 409):
                raise

    def resource(self, api_version: str, kind: str) -> tuple[str, bool] | None:
        """(base path, whether namespaced) of a kind; None when the server does not serve it."""
        base = f"/api/{api_version}" if "/" not in api_version else f"/apis/{api_version}"
        if (api_version, kind) not in self._resources:
            for each in (self.get(base) or {}).get("resources") or []:
                if "/" not in each["name"]:
                    self._resources[api_version, each["kind"]] = (each["name"], each["namespaced"])
        found = self._resources.get((api_version, kind))
        return (f"{base}/{{}}{found[0]}", found[1]) if found else None

    def path(self, manifest: Object, namespace: str = "default") -> str:
        """Where the object of a manifest is. A kind that is not served is an AssertionError."""
        found = self.resource(manifest["apiVersion"], manifest["kind"])
        assert found, f"the API server does not serve {manifest['apiVersion']} {manifest['kind']}"
        pattern, namespaced = found
        metadata = manifest["metadata"]
        middle = f"namespaces/{metadata.get('namespace') or namespace}/" if namespaced else ""
        return pattern.format(middle) + "/" + quote(metadata["name"])

    def find(self, manifest: Object, namespace: str = "default") -> Object | None:
        """The living object that a manifest describes."""
        return self.get(self.path(manifest, namespace))

    # The scenarios' favourite objects.

    def namespace(self, name: str) -> Object | None:
        return self.get(f"/api/v1/namespaces/{name}")

    def config_map(self, namespace: str, name: str) -> Object | None:
        return self.get(f"/api/v1/namespaces/{namespace}/configmaps/{name}")

    def config_maps(self, namespace: str) -> dict[str, Object]:
        """name -> data of the namespace's ConfigMaps, but for those that the control plane makes."""
        found = self.list(f"/api/v1/namespaces/{namespace}/configmaps")
        return {
            o["metadata"]["name"]: o.get("data") or {} for o in found if o["metadata"]["name"] != "kube-root-ca.crt"
        }
