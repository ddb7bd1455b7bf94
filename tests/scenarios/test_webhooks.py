"""Webhooks of registries: a new tag is the choice as soon as its registry has told, and for nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.cluster import Cluster
from support.fluxd import Fluxd
from support.git import GitRepo
from support.manifests import deployment, namespace
from support.ports import free_port
from support.registry import Registry
from support.wait import until

SECRET = "hook-s3cret-of-this-test"
WRONG = "hook-wr0ng-of-this-test"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    registry = Registry(tmp_path / "registry")
    yield registry
    registry.stop()


class Site:
    """A Deployment with a filter for its image, and a daemon that takes webhooks, also at an address for them alone."""

    def __init__(self, ns: str, repo: GitRepo, start, registry: Registry, folder: Path, public_port: int = 0) -> None:
        self.registry, self.workload = registry, f"{ns}:deployment/cart"
        self.secret_file = folder / "webhook-secret"
        self.secret_file.write_text(SECRET + "\n")
        text = deployment(ns, "cart", registry.image("shop/cart:1.0.0"))
        text = text.replace("  name: cart\nspec", "  name: cart\n  annotations:\n    fluxcd.io/tag.web: semver:~1\nspec")
        repo.commit({"namespace.yaml": namespace(ns), "cart.yaml": text})
        self.public_port = public_port or free_port()
        self.fluxd: Fluxd = start(
            repo,
            "--registry-disable-scanning=false",
            f"--registry-insecure-host={registry.host}",
            f"--webhook-secret-file={self.secret_file}",
            f"--listen-webhooks=127.0.0.1:{self.public_port}",
        )
        self.fluxd.secrets += [SECRET, WRONG]
        self.fluxd.follows(repo)
        until("the image is known", lambda: self.choice() == "1.0.0", every=0.1)
        self.fluxd.says("updated=")

    def choice(self) -> str:
        status, text = self.fluxd.get(f"/api/flux/v12/explain?service={self.workload}")
        if status != 200:
            return ""
        (container,) = json.loads(text)["containers"]
        return container["choice"]

    def push(self, tag: str, day: int) -> None:
        self.registry.push("shop/cart", tag, f"2020-03-{day:02}T10:00:00Z")

    def event(self, tag: str, name: str = "shop/cart", action: str = "push") -> dict[str, Any]:
        """As the registry itself would tell of a push."""
        target = {"mediaType": MANIFEST, "repository": name, "tag": tag}
        return {"events": [{"action": action, "target": target, "request": {"host": self.registry.host}}]}

    def post(
        self, path: str, body: object, headers: dict[str, str] | None = None, port: int = 0, method: str = "POST"
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.public_port, timeout=10)
        try:
            text = body if isinstance(body, (bytes, str)) else json.dumps(body)
            connection.request(method, path, text, headers or {})
            response = connection.getresponse()
            answer = response.status, response.read().decode()
        finally:
            connection.close()
        assert SECRET not in answer[1] and WRONG not in answer[1]
        return answer


@pytest.fixture
def site(cluster: Cluster, repo: GitRepo, ns: str, start, registry: Registry, tmp_path: Path) -> Site:
    registry.push("shop/cart", "1.0.0", "2020-03-01T10:00:00Z")
    return Site(ns, repo, start, registry, tmp_path)


def test_a_pushed_tag_is_chosen_at_once(site: Site) -> None:
    """Long before the minute in which a list would be due."""
    bearer = {"Authorization": f"Bearer {SECRET}"}
    ways = [
        ("1.0.1", "/hooks/distribution", bearer),
        ("1.0.2", f"/hooks/gitlab?token={SECRET}", {}),
        ("1.0.3", "/hooks/distribution", {"Authorization": "Basic " + base64.b64encode(f"x:{SECRET}".encode()).decode()}),
    ]
    for day, (tag, path, headers) in enumerate(ways, start=2):
        site.push(tag, day)
        for port in (site.public_port, site.fluxd.port):
            assert site.post(path, site.event(tag), headers, port) == (200, "")
        until(f"{tag} is chosen", lambda tag=tag: site.choice() == tag, timeout=20, every=0.01)
    assert site.fluxd.says(rf"source=distribution image={site.registry.host}/shop/cart:1.0.1")
    assert site.fluxd.metric("flux_daemon_webhooks_total", outcome="scanned", source="distribution") == 4


def test_each_sender_has_its_own_form(site: Site) -> None:
    image = site.registry.image("shop/cart")
    package = {"package_type": "CONTAINER", "package_version": {"package_url": f"{image}:1.1.0"}}
    github = json.dumps({"action": "published", "package": package}).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), github, hashlib.sha256).hexdigest()
    resources = [{"tag": "1.2.0", "resource_url": f"{image}:1.2.0"}]
    pubsub = base64.b64encode(json.dumps({"action": "INSERT", "tag": f"{image}:1.4.0"}).encode()).decode()
    bare = {"Authorization": SECRET}
    senders: list[tuple[str, str, object, dict[str, str]]] = [
        ("1.1.0", "/hooks/github", github, {"X-GitHub-Event": "package", "X-Hub-Signature-256": signature}),
        ("1.2.0", "/hooks/harbor", {"type": "PUSH_ARTIFACT", "event_data": {"resources": resources}}, bare),
        ("1.3.0", f"/hooks/quay?token={SECRET}", {"docker_url": image, "updated_tags": ["1.3.0"]}, {}),
        ("1.4.0", f"/hooks/google?token={SECRET}", {"message": {"data": pubsub}}, {}),
        ("1.5.0", "/hooks/azure", site.event("1.5.0")["events"][0], bare),
    ]
    for day, (tag, path, body, headers) in enumerate(senders, start=2):
        site.push(tag, day)
        assert site.post(path, body, headers) == (200, "")
        until(f"{tag} is chosen", lambda tag=tag: site.choice() == tag, timeout=20, every=0.01)


def test_the_registry_tells_by_itself(cluster: Cluster, repo: GitRepo, ns: str, start, tmp_path: Path) -> None:
    """Of blobs, too, of each platform of an index, and of what fluxd itself asks for."""
    port = free_port()
    address = {"url": f"http://127.0.0.1:{port}/hooks/distribution", "headers": {"Authorization": [f"Bearer {SECRET}"]}}
    registry = Registry(tmp_path / "registry", tells=address)
    try:
        registry.push("shop/cart", "1.0.0", "2020-03-01T10:00:00Z")
        site = Site(ns, repo, start, registry, tmp_path, port)
        site.push("1.0.1", 2)
        until("the image is chosen", lambda: site.choice() == "1.0.1", timeout=20, every=0.01)
        registry.push_index("shop/cart", "1.0.2", "2020-03-03T10:00:00Z", "linux/arm64", "linux/amd64")
        until("the index is chosen", lambda: site.choice() == "1.0.2", timeout=20, every=0.01)
        for outcome in ("invalid", "refused"):
            assert site.fluxd.metric("flux_daemon_webhooks_total", outcome=outcome, source="distribution") == 0
    finally:
        registry.stop()


def test_nobody_else_may_tell(site: Site) -> None:
    asked = site.registry.requests(" /v2/")
    event = site.event("1.0.1")
    wrong: list[tuple[str, dict[str, str]]] = [
        ("/hooks/distribution", {}),
        ("/hooks/distribution", {"Authorization": f"Bearer {WRONG}"}),
        (f"/hooks/distribution?token={WRONG}", {}),
        ("/hooks/github", {"X-Hub-Signature-256": "sha256=" + "0" * 64}),
    ]
    for path, headers in wrong:
        assert site.post(path, event, headers)[0] == 401
    right = f"?token={SECRET}"
    assert site.post(f"/hooks/nexus{right}", event)[0] == 404
    assert site.post(f"/hooks/distribution{right}", None, method="GET")[0] == 405
    status, text = site.post(f"/hooks/distribution{right}", "{")
    assert status == 400 and text.startswith("cannot read the notification: ")
    assert site.post(f"/hooks/harbor{right}", "x" * (2 << 20))[0] == 413
    assert site.post(f"/hooks/harbor{right}", "x" * (2 << 20), port=site.fluxd.port)[0] == 413
    # What is of no interest is no failure to its sender.
    assert site.post(f"/hooks/distribution{right}", site.event("1", name="shop/unknown")) == (200, "")
    assert site.post(f"/hooks/distribution{right}", site.event("1", action="pull")) == (200, "")
    assert site.registry.requests(" /v2/") == asked
    for path in ("/", "/metrics", "/api/flux/v11/version", "/api/flux/v6/services", "/healthz"):
        assert site.post(path + right, None, method="GET")[0] == 404, path


def test_the_secret_may_be_renewed(site: Site) -> None:
    renewed = "another-s3cret-of-this-test"
    site.fluxd.secrets.append(renewed)
    site.secret_file.write_text(renewed + "\n")
    site.push("1.0.1", 2)
    assert site.post(f"/hooks/distribution?token={SECRET}", site.event("1.0.1"))[0] == 401
    assert site.post(f"/hooks/distribution?token={renewed}", site.event("1.0.1"))[0] == 200
    until("it is chosen", lambda: site.choice() == "1.0.1", timeout=20, every=0.01)


def test_a_tag_that_was_moved_is_looked_at_again(site: Site) -> None:
    def created() -> str:
        status, text = site.fluxd.get(f"/api/flux/v10/images?service={site.workload}")
        assert status == 200
        (container,) = json.loads(text)[0]["Containers"]
        return container["LatestFiltered"]["CreatedAt"]

    assert created() == "2020-03-01T10:00:00Z"
    site.push("1.0.0", 9)
    assert site.post(f"/hooks/distribution?token={SECRET}", site.event("1.0.0"))[0] == 200
    until("the new one is known", lambda: created() == "2020-03-09T10:00:00Z", timeout=20, every=0.01)


def test_there_are_none_without_a_secret(repo: GitRepo, start) -> None:
    fluxd = start(repo)
    status, text = fluxd.request("POST", "/hooks/quay?token=", {})
    assert status == 404 and "--webhook-secret-file" in text
