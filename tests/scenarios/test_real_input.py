"""What people have in their repositories: flux-get-started and kube-prometheus, synced as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.kube import Kube, Object
from support.manifests import absent, custom_resource_definition, load
from support.paths import CORPUS
from support.wait import until


def _differences(kube: Kube, manifests: list[Object]) -> list[str]:
    return [line for each in manifests for line in absent(kube, each)]


@pytest.fixture
def common(cluster: Cluster) -> Iterator[Callable[[list[Object], str], None]]:
    """common(manifests, namespace): these names belong to everybody. They are gone before anybody else meets them."""
    names: list[str] = []
    known: list[Object] = []

    def remember(manifests: list[Object], namespace: str) -> None:
        known.extend(manifests)
        names.append(namespace)

    yield remember
    if not cluster.is_real:
        return
    for each in known:
        found = cluster.kube.resource(each["apiVersion"], each["kind"])
        if found and (not found[1] or each["metadata"].get("namespace") not in names):
            cluster.kube.delete(cluster.kube.path(each))
    for name in names:
        cluster.kube.delete(f"/api/v1/namespaces/{name}")
        until(f"namespace {name} is gone", lambda n=name: cluster.kube.namespace(n) is None, timeout=90)


def _get_started(repo: GitRepo) -> list[Object]:
    return [each for folder in ("namespaces", "releases", "workloads") for each in load(repo.work / folder)]


@pytest.fixture
def helm_releases(cluster: Cluster) -> None:
    """The Helm operator of Flux v1 is installed: its kind is known."""
    crd = custom_resource_definition("helm.fluxcd.io", "HelmRelease")
    cluster.kube.apply(crd)
    cluster.forget("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd["metadata"]["name"])
    until("HelmRelease is served", lambda: cluster.kube.resource("helm.fluxcd.io/v1", "HelmRelease"))


@pytest.mark.seconds(240)
def test_flux_get_started(cluster: Cluster, repo: GitRepo, helm_releases, common, start, proxy: FaultProxy) -> None:
    kube = cluster.kube
    repo.copy(CORPUS / "flux-get-started")
    repo.push("flux-get-started")
    manifests = _get_started(repo)
    # Kubernetes 1.26 dropped autoscaling/v2beta1: told as such, and no reason to stop.
    served = [each for each in manifests if kube.resource(each["apiVersion"], each["kind"])]
    gone = [each for each in manifests if each not in served]
    assert {each["kind"] for each in gone} <= {"HorizontalPodAutoscaler"}
    common(served, "demo")
    assert {"Namespace", "Deployment", "Service", "Secret", "HelmRelease"} <= {each["kind"] for each in served}

    fluxd = start(repo, GC, "--git-path=namespaces,releases,workloads", "--sync-interval=2s")
    fluxd.follows(repo)
    assert _differences(kube, served) == []
    assert not fluxd.errors()
    for each in gone:
        fluxd.says(f"cannot find scope of resource .*{each['metadata']['name']}")

    fluxd.syncs_again(timeout=30)
    mark = proxy.mark()
    fluxd.syncs_again(timeout=30)
    assert proxy.writes(mark) == [], "a second pass writes"

    repo.edit("workloads/podinfo-dep.yaml", "podinfo:3.1.0", "podinfo:3.1.1")
    repo.write("namespaces/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more, namespace: demo}\n")
    repo.remove("releases/mongodb.yaml")
    repo.rename("workloads/podinfo-svc.yaml", "workloads/service.yml")
    repo.push("an edit, an addition, a removal and a rename")
    service = next(each for each in served if each["kind"] == "Service")
    uid = (kube.find(service) or {})["metadata"]["uid"]
    fluxd.follows(repo)
    now = [each for each in _get_started(repo) if each not in gone]
    assert _differences(kube, now) == []
    assert (kube.find(service) or {})["metadata"]["uid"] == uid
    mongodb = next(each for each in served if each["metadata"]["name"] == "mongodb")
    until("the removed one is gone", lambda: kube.find(mongodb) is None)
    assert not fluxd.errors()


@pytest.mark.seconds(400)
def test_kube_prometheus(cluster: Cluster, repo: GitRepo, common, start, proxy: FaultProxy) -> None:
    """Custom resource definitions of up to 800 kB with their resources in one commit, lists, and an APIService whose
    server never answers."""
    kube = cluster.kube
    repo.copy(CORPUS / "kube-prometheus")
    repo.push("kube-prometheus")
    manifests = load(repo.work / "manifests")
    assert len(manifests) > 110
    common(manifests, "monitoring")

    fluxd = start(repo, GC, "--git-path=manifests", "--sync-interval=3s")
    fluxd.follows(repo, timeout=120)
    assert _differences(kube, manifests) == []
    assert not fluxd.errors()
    assert fluxd.metric("flux_daemon_sync_manifests", success="false") == 0
    assert fluxd.metric("flux_daemon_sync_manifests", success="true") == len(manifests)

    fluxd.syncs_again(timeout=60)
    mark = proxy.mark()
    fluxd.syncs_again(timeout=60)
    assert proxy.writes(mark) == [], "a second pass writes"

    _edit_add_remove_rename(repo, kube, fluxd)
    _put_right(repo, kube)
    assert not fluxd.errors()


def _edit_add_remove_rename(repo: GitRepo, kube: Kube, fluxd) -> None:
    repo.edit("manifests/grafana-deployment.yaml", "replicas: 1", "replicas: 2")
    added = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule"}
    added |= {"metadata": {"name": "added", "namespace": "monitoring"}, "spec": {"groups": []}}
    repo.write("manifests/added.yaml", str(added).replace("'", '"'))
    for name in ("blackboxExporter-service.yaml", "grafana-networkPolicy.yaml"):
        (repo.work / "removed").mkdir(exist_ok=True)
        repo.rename(f"manifests/{name}", f"removed/{name}")
    removed = load(repo.work / "removed")
    repo.rename("manifests/alertmanager-alertmanager.yaml", "manifests/renamed.yaml")
    repo.push("an edit, an addition, a removal and a rename")
    fluxd.follows(repo)
    assert _differences(kube, load(repo.work / "manifests")) == []
    for each in removed:
        until(f"{each['kind']} is gone", lambda e=each: kube.find(e) is None)


def _put_right(repo: GitRepo, kube: Kube) -> None:
    wanted = [each for each in load(repo.work / "manifests") if each["kind"] in ("ServiceMonitor", "ClusterRole")][:6]
    for each in wanted:
        kube.delete(kube.path(each))
    rule = next(each for each in load(repo.work / "manifests") if each["kind"] == "PrometheusRule")
    kube.merge(kube.path(rule), {"spec": {"groups": []}})
    until("all is as in git", lambda: _differences(kube, [*wanted, rule]) == [])
