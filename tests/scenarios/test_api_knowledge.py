"""What the daemon knows of the cluster breaks: discovery, lists and watches. Nothing is deleted on half a knowledge."""

from __future__ import annotations

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC, OFTEN
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.wait import stays, until


@pytest.mark.parametrize("path", [r"^/api(\?|$)", r"^/apis(\?|$)"])
def test_broken_discovery_at_the_start_deletes_nothing(
    path: str, cluster: Cluster, repo: GitRepo, ns: str, synced, make_fluxd, proxy: FaultProxy
) -> None:
    """What the API server serves is not known in full, so what has left git is not known either."""
    fluxd = synced()
    fluxd.stop()
    repo.commit({"a.yaml": None})
    mark = proxy.mark()
    proxy.inject("GET", path, status=500)
    again = make_fluxd(repo, GC, OFTEN).launch()
    until("it asked", lambda: proxy.since(mark, lambda request: request.status == 500))
    stays("nothing is deleted", lambda: proxy.deletions() == [], 2)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    proxy.clear()
    if not again.running:
        assert again.process.wait() == 1 and again.lines(r"\berr=")
        again.launch()
    until("it is collected", lambda: set(cluster.kube.config_maps(ns)) == {"b", "c"})


def test_a_list_that_fails_deletes_nothing(
    cluster: Cluster, repo: GitRepo, ns: str, start, synced, make_fluxd, proxy: FaultProxy
) -> None:
    fluxd = synced()
    fluxd.stop()
    repo.commit({"a.yaml": None})
    mark = proxy.mark()
    proxy.inject("GET", r"^/api/v1/configmaps", status=500)
    proxy.inject("GET", rf"^/api/v1/namespaces/{ns}/configmaps(\?|$)", status=500)
    again = make_fluxd(repo, GC, OFTEN).start()
    again.says(r"\berr(or)?=.*(injected|configmaps)|garbage collection refused")
    assert [each for each in proxy.since(mark) if each.status == 500]
    stays("nothing is deleted", lambda: proxy.deletions() == [], 1.5)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    proxy.clear()
    until("it is collected", lambda: set(cluster.kube.config_maps(ns)) == {"b", "c"})


@pytest.mark.parametrize("fault", ["cut", "cut in a line", "410 event", "410 status", "500 status"])
def test_a_watch_that_ends_is_taken_up_again(
    fault: str, cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy
) -> None:
    """Nobody notices a broken watch: what is done behind the daemon's back afterwards is still put right."""
    kube = cluster.kube
    synced("--sync-interval=1h")
    if fault == "cut in a line":
        proxy.inject("GET", "watch=", times=3, cut=100)
    elif fault == "410 event":
        proxy.inject("GET", "watch=", times=3, expired=True)
    elif fault.endswith("status"):
        proxy.inject("GET", "watch=", times=3, status=int(fault[:3]))
    mark = proxy.mark()
    proxy.cut_connections()
    kube.delete(f"/api/v1/namespaces/{ns}/configmaps/a")
    until("the object is back", lambda: kube.config_map(ns, "a"))
    kube.merge(f"/api/v1/namespaces/{ns}/configmaps/b", {"data": {"key": "by hand"}})
    until("the value is back", lambda: kube.config_maps(ns)["b"] == {"key": "1"})
    assert proxy.deletions() == []
    assert len(proxy.since(mark, lambda request: request.is_watch)) < 400, "it hammers the server"
    assert set(kube.config_maps(ns)) == {"a", "b", "c"}


def test_a_watch_that_ends_all_the_time(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    """Commits arrive even when no watch lives for long; nothing is deleted by mistake, and in the end all is well."""
    proxy.inject("GET", "watch=", expired=True)
    fluxd = synced(OFTEN)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    assert {each.split("?")[0].rpartition("/")[2] for each in proxy.deletions()} <= {"b"}
    proxy.clear()
    wanted = {"a": {"key": "2"}, "c": {"key": "1"}}
    until("all is as in git", lambda: cluster.kube.config_maps(ns) == wanted)
