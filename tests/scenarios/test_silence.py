"""A watch over a connection that is half closed: nothing comes, nothing ends. It is noticed within two intervals."""

from __future__ import annotations

from support.cluster import Cluster
from support.fault_proxy import FaultProxy, Request
from support.git import GitRepo
from support.wait import stays, until

INTERVAL = 10  # seconds; no watch of less than ten is asked for


def _watches_config_maps(request: Request) -> bool:
    return request.is_watch and "/configmaps?" in request.path and request.status == 200


def test_a_silent_watch(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    synced(f"--sync-interval={INTERVAL}s")
    until("it watches", lambda: proxy.since(0, _watches_config_maps))
    proxy.mute_watches()
    cluster.kube.delete(f"/api/v1/namespaces/{ns}/configmaps/a")
    stays("nobody is told", lambda: cluster.kube.config_map(ns, "a") is None, 2)
    until("the object is back", lambda: cluster.kube.config_map(ns, "a"), timeout=2 * INTERVAL)
    assert proxy.deletions() == []
