"""A watch over a connection that is half closed: nothing comes, nothing ends. It is noticed within two intervals."""

from __future__ import annotations

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.git import GitRepo
from support.wait import until

INTERVAL = 10  # seconds; no watch of less than ten is asked for


def test_a_silent_watch(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    synced(f"--sync-interval={INTERVAL}s")
    until("it watches", lambda: proxy.since(0, lambda each: each.is_watch and "/configmaps?" in each.path))
    proxy.mute_connections()
    cluster.kube.delete(f"/api/v1/namespaces/{ns}/configmaps/a")
    until("the object is back", lambda: cluster.kube.config_map(ns, "a"), timeout=2 * INTERVAL)
    assert proxy.deletions() == []
