"""An extension API server that does not answer: everybody else's objects go on, at no cost, and nothing is deleted
before everything is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.cluster import Cluster, Plane
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.git_servers import HangingServer
from support.manifests import config_map
from support.wait import until

INTERVAL = 10  # seconds
ASKED_AGAIN = 15  # seconds, after which what is served is asked for again when it was not known in full
GROUP = "stale.example.org"
SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Of its own: with a server that does not answer nobody collects garbage."""
    plane = Plane(shared=False)
    yield Cluster("real", plane.kubeconfig)
    plane.stop()


@pytest.mark.real
def test_an_api_service_that_does_not_answer(
    cluster: Cluster, repo: GitRepo, ns: str, synced, start, proxy: FaultProxy
) -> None:
    kube = cluster.kube
    synced().stop()
    silent = HangingServer()
    # An alias that leads to this machine, where somebody listens and never says a word.
    spec = {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": silent.port}]}
    kube.create("/api/v1/namespaces/default/services", {"kind": "Service", "metadata": {"name": "silent"}, "spec": spec})
    service = {"namespace": "default", "name": "silent", "port": silent.port}
    spec = {"group": GROUP, "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 100, "service": service}
    spec["insecureSkipTLSVerify"] = True
    kube.create(SERVICES, {"kind": "APIService", "metadata": {"name": f"v1.{GROUP}"}, "spec": spec})
    until("it is asked and does not answer", lambda: silent.connections)
    until("it is part of what is served", lambda: GROUP in str(kube.get("/apis")))

    repo.commit({"a.yaml": None, "b.yaml": config_map(ns, "b", {"key": "2"})})
    fluxd = start(repo, GC, f"--sync-interval={INTERVAL}s")
    fluxd.follows(repo)
    fluxd.says("garbage collection refused.*" + GROUP)
    mark = proxy.mark()
    repo.commit({"b.yaml": config_map(ns, "b", {"key": "3"})})
    fluxd.follows(repo)
    assert len(proxy.since(mark, lambda each: "limit=" in each.path)) < 10, "it lists the same again and again"
    assert kube.config_maps(ns) == {"a": {"key": "1"}, "b": {"key": "3"}, "c": {"key": "1"}}

    kube.delete(f"{SERVICES}/v1.{GROUP}")
    silent.stop()
    wanted = {"b": {"key": "3"}, "c": {"key": "1"}}
    until("what left git is collected", lambda: kube.config_maps(ns) == wanted, timeout=ASKED_AGAIN + 2 * INTERVAL)
