"""An API server that refuses a part for a while: the rest goes on, nothing is deleted on half a knowledge, and what was
refused follows when it can."""

from __future__ import annotations

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.wait import until

INTERVAL = 5  # seconds


@pytest.mark.parametrize("seconds", ["60", "99999999"])
def test_one_object_that_is_to_wait(
    seconds: str, cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy
) -> None:
    fluxd = synced(f"--sync-interval={INTERVAL}s")
    proxy.inject("PATCH", "/configmaps/a", status=429, headers={"Retry-After": seconds})
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.notify()
    until("it is told", lambda: fluxd.metric("flux_daemon_sync_manifests", success="false") == 1)
    repo.commit({"b.yaml": config_map(ns, "b", {"key": "2"})})
    fluxd.notify()
    until("the other one is applied", lambda: cluster.kube.config_maps(ns)["b"] == {"key": "2"}, timeout=INTERVAL)
    proxy.clear()
    until("it is applied", lambda: cluster.kube.config_maps(ns)["a"] == {"key": "2"}, timeout=2 * INTERVAL)
    assert proxy.deletions() == []


def test_a_type_that_may_not_be_listed_for_a_while(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    first = start(repo, GC)
    first.follows(repo)
    first.stop()
    refused = proxy.inject("GET", r"/configmaps\?", status=403)
    repo.commit({"a.yaml": None, "b.yaml": config_map(ns, "b", {"key": "2"})})
    fluxd = start(repo, GC, f"--sync-interval={INTERVAL}s")
    fluxd.follows(repo)
    assert refused.hits
    assert cluster.kube.config_maps(ns) == {"a": {"key": "1"}, "b": {"key": "2"}, "c": {"key": "1"}}
    proxy.clear()
    wanted = {"b": {"key": "2"}, "c": {"key": "1"}}
    until("what left git is collected", lambda: cluster.kube.config_maps(ns) == wanted, timeout=2 * INTERVAL)
