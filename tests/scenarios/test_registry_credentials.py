"""Images that only who is known to the registry may see."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxctl import Fluxctl
from support.fluxd import Fluxd
from support.git import GitRepo
from support.kube import Object
from support.manifests import config_maps, deployment, namespace
from support.private_registry import BASIC, PASSWORD, PrivateRegistry
from support.wait import until


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[PrivateRegistry]:
    registry = PrivateRegistry(tmp_path / "registry")
    registry.push_tags("team/app", "1.0.0", "1.1.0")
    yield registry
    registry.stop()


def _secret(ns: str, config: Object, whole: bool = True) -> Object:
    kind, text = ("dockerconfigjson", config) if whole else ("dockercfg", config["auths"])
    data = {f".{kind}": base64.b64encode(json.dumps(text).encode()).decode()}
    metadata = {"namespace": ns, "name": "pull"}
    return {"apiVersion": "v1", "kind": "Secret", "type": f"kubernetes.io/{kind}", "metadata": metadata, "data": data}


def _run_app(cluster: Cluster, ns: str, registry: PrivateRegistry, **pod: object) -> None:
    """It runs before the daemon starts, so that it is scanned at once."""
    cluster.kube.apply(yaml.safe_load(namespace(ns)))
    app = yaml.safe_load(deployment(ns, "app", f"{registry.host}/team/app:1.0.0"))
    app["spec"]["template"]["spec"] |= pod
    app["spec"]["replicas"] = 0
    cluster.kube.apply(app)


class Scan:
    def __init__(self, cluster: Cluster, ns: str, fluxd: Fluxd, folder: Path) -> None:
        self.fluxd = fluxd
        self._ns = ns
        self._fluxctl = Fluxctl.ours(folder, cluster.kubeconfig, f"http://127.0.0.1:{fluxd.port}/api/flux")

    def tags(self) -> list[str]:
        listed = json.loads(self._fluxctl("list-images", "-w", f"{self._ns}:deployment/app", "-o", "json"))
        container = listed[0]["Containers"][0]
        return [each["ID"].rpartition(":")[2] for each in container.get("Available") or []]

    def status(self, *words: str) -> str:
        """Where whatever it says of credentials is no secret."""
        text = self._fluxctl("status", *words)
        assert PASSWORD not in text
        return text

    def credentials(self) -> str:
        (image,) = json.loads(self.status("-o", "json"))["images"]
        return image["credentials"]

    def finds_all(self) -> None:
        until("the images of the private registry are listed", lambda: self.tags() == ["1.1.0", "1.0.0"])


@pytest.fixture
def scan(cluster: Cluster, repo: GitRepo, ns: str, registry: PrivateRegistry, make_fluxd, tmp_path: Path):
    """scan(flag...) runs a daemon that scans."""
    repo.commit(config_maps(ns, "a"))

    def run(*flags: str) -> Scan:
        insecure = f"--registry-insecure-host={registry.host}"
        own = f"--k8s-allow-namespace={ns}"  # a real control plane has images of other tests, too
        fluxd = make_fluxd(repo, "--registry-disable-scanning=false", own, insecure, *flags)
        fluxd.secrets += [PASSWORD, BASIC]
        return Scan(cluster, ns, fluxd.start(), tmp_path)

    return run


@pytest.mark.parametrize("whole", [True, False])
def test_pull_secret_of_the_pods(cluster: Cluster, ns: str, registry: PrivateRegistry, scan, whole: bool) -> None:
    _run_app(cluster, ns, registry, imagePullSecrets=[{"name": "missing"}, {"name": "pull"}])
    cluster.kube.apply(_secret(ns, registry.docker_config(), whole))
    running = scan()
    running.finds_all()
    assert running.credentials() == f"{ns}:secret/pull"


def test_pull_secret_of_the_service_account(cluster: Cluster, ns: str, registry: PrivateRegistry, scan) -> None:
    _run_app(cluster, ns, registry, serviceAccountName="puller")
    cluster.kube.apply(_secret(ns, registry.docker_config()))
    metadata = {"namespace": ns, "name": "puller"}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata, "imagePullSecrets": [{"name": "pull"}]}
    cluster.kube.apply(account)
    scan().finds_all()


def test_secrets_that_may_not_be_read(
    cluster: Cluster, repo: GitRepo, ns: str, registry: PrivateRegistry, scan, proxy: FaultProxy
) -> None:
    _run_app(cluster, ns, registry, imagePullSecrets=[{"name": "pull"}])
    cluster.kube.apply(_secret(ns, registry.docker_config()))
    proxy.inject("GET", rf"^/api/v1/namespaces/{ns}/(secrets|serviceaccounts)/", status=403)
    running = scan()
    for kind in ("secrets", "serviceaccounts"):
        until("it says so", lambda: f"without the credentials of {kind} that fluxd may not read" in running.fluxd.log)
    running.fluxd.follows(repo)


def test_docker_config(cluster: Cluster, ns: str, registry: PrivateRegistry, scan, tmp_path: Path) -> None:
    _run_app(cluster, ns, registry)
    file = tmp_path / "config.json"
    file.write_text(json.dumps(registry.docker_config()))
    running = scan(f"--docker-config={file}")
    running.finds_all()
    assert running.credentials() == str(file)


def test_without_credentials_it_says_what_to_do(cluster: Cluster, ns: str, registry: PrivateRegistry, scan) -> None:
    _run_app(cluster, ns, registry)
    running = scan()
    advice = "Give the workload an image pull secret for this registry, or use --docker-config."
    until("the log says what to do", lambda: advice in running.fluxd.log)
    assert running.tags() == []
    page = running.status()
    assert "1 scanned, 1 of them not well" in page and "(credentials: anonymous)" in page and advice in page
