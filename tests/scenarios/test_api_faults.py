"""API servers that are down, slow or silent: told, nothing deleted, and made good without a restart."""

from __future__ import annotations

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC, OFTEN
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.wait import until


def test_down_and_up_again(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    fluxd = synced(OFTEN)
    log = fluxd.mark()
    proxy.down()
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None})
    fluxd.notify()
    fluxd.says(r"\berr=.*127\.0\.0\.1", log)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    assert fluxd.get("/api/flux/v6/identity.pub")[0] == 200
    proxy.up()
    wanted = {"a": {"key": "2"}, "c": {"key": "1"}}
    until("all is as in git", lambda: cluster.kube.config_maps(ns) == wanted)
    until("the marker moved", lambda: repo.marker == repo.head)


def test_down_at_the_start(cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, proxy: FaultProxy) -> None:
    """It says where it knocked and either waits or ends with a status that makes a kubelet start it again."""
    repo.commit(config_maps(ns, "a"))
    proxy.down()
    fluxd = make_fluxd(repo, GC).launch()
    fluxd.says(rf"\b(err|error)=.*127\.0\.0\.1:{proxy.port}")
    proxy.up()
    if not until("it decided", lambda: "waits" if fluxd.running else "ended") == "waits":
        assert fluxd.process.wait() == 1
        fluxd.leaves_nothing()
        fluxd.launch()
    until("it synced", lambda: repo.marker == repo.head)
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def test_slow_answers_are_waited_for(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    proxy.inject(delay=0.3)
    fluxd = synced()
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"} and not fluxd.errors()


def test_no_answer_ends_the_sync_in_time(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    fluxd = synced(OFTEN, "--sync-timeout=2s")
    log = fluxd.mark()
    proxy.inject("PATCH|PUT|POST|DELETE", hang=True)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None})
    fluxd.notify()
    fluxd.says(r"(?i)\berr(or)?=.*(deadline|timed? ?out)", log)
    assert fluxd.get("/api/flux/v6/identity.pub")[0] == 200
    proxy.clear()
    wanted = {"a": {"key": "2"}, "c": {"key": "1"}}
    until("all is as in git", lambda: cluster.kube.config_maps(ns) == wanted)
