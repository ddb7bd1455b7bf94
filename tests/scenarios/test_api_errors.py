"""API servers that answer with errors: told, nothing deleted, and made good without a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cluster import Cluster
from support.fluxctl import Fluxctl
from support.fault_proxy import FaultProxy
from support.fluxd import GC, OFTEN
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.wait import until


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_an_error_answer_to_a_write(
    status: int, cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy
) -> None:
    """One object's writes fail for a while: the others arrive, and this one as soon as it can."""
    kube = cluster.kube
    fluxd = synced(OFTEN)
    log = fluxd.mark()
    headers = {"Retry-After": "1"} if status in (429, 503) else {}
    fault = proxy.inject("PATCH|PUT|POST", r"configmaps/a\b", status=status, headers=headers)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "c.yaml": config_map(ns, "c", {"key": "2"})})
    fluxd.notify()
    until("the others arrive", lambda: kube.config_maps(ns)["c"] == {"key": "2"})
    line = fluxd.says(rf"\berr(or)?=.*{ns}:configmap/a|{ns}:configmap/a.*\berr(or)?=", log)
    assert "injected by the test" in line
    assert kube.config_maps(ns)["a"] == {"key": "1"} and fault.hits < 60, "it hammers the server"
    proxy.clear()
    until("this one too", lambda: kube.config_maps(ns)["a"] == {"key": "2"})
    until("the marker moved", lambda: repo.marker == repo.head)
    assert proxy.deletions() == [] and set(kube.config_maps(ns)) == {"a", "b", "c"}


@pytest.mark.parametrize("status", [429, 503])
def test_a_passing_overload_is_not_even_told(
    status: int, cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy
) -> None:
    """Writes, lists and discovery are turned away once with Retry-After, and asked again: no object fails for it."""
    for method, path in (("PATCH", ""), ("GET", "^/apis"), ("GET", "^/api/v1/configmaps")):
        proxy.inject(method, path, times=2, status=status, headers={"Retry-After": "1"})
    fluxd = synced()
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    assert not fluxd.lines(r"method=Sync.*\berr=")


@pytest.mark.parametrize("status", [409, 500])
def test_an_error_answer_to_a_deletion(
    status: int, cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy
) -> None:
    fluxd = synced(OFTEN)
    log = fluxd.mark()
    proxy.inject("DELETE", status=status)
    repo.commit({"a.yaml": None})
    fluxd.notify()
    # 409 is what the server says when the object is not the one that was decided about: looked at again, no error.
    told = rf"not deleting.*{ns}:configmap/a" if status == 409 else rf"{ns}:configmap/a.*injected"
    fluxd.says(told, log)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    proxy.clear()
    until("it is collected", lambda: set(cluster.kube.config_maps(ns)) == {"b", "c"})


def test_not_allowed_is_told_and_stops_nothing_else(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    proxy.inject("PATCH", r"configmaps/b\b", status=403, message="configmaps is forbidden by the test")
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    fluxd.says(rf"{ns}:configmap/b.*forbidden by the test|forbidden by the test.*{ns}:configmap/b")
    assert set(cluster.kube.config_maps(ns)) == {"a", "c"}


def test_a_rejected_credential_is_no_empty_list(
    cluster: Cluster, synced, proxy: FaultProxy, tmp_path: Path
) -> None:
    fluxd = synced()
    fluxctl = Fluxctl.ours(tmp_path, cluster.kubeconfig, f"http://127.0.0.1:{fluxd.port}/api/flux")
    proxy.inject(status=401, message="Unauthorized")
    for words in (("list-workloads", "-a"), ("list-images", "-a"), ("save", "--out=-"), ("diff",)):
        ran = fluxctl.run(*words)
        assert ran.status == 1 and ran.out == "", f"{words}: {ran}"
        assert "credentials" in ran.err and "Unauthorized" in ran.err, f"{words}: {ran}"


def test_a_wrong_credential(repo: GitRepo, ns: str, make_fluxd, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, "a"))
    proxy.inject(status=401, message="Unauthorized")
    fluxd = make_fluxd(repo, GC).launch()
    fluxd.says(r"(?i)\b(err|error)=.*unauthorized")
    proxy.clear()
    if not fluxd.running:
        assert fluxd.process.wait() == 1
        fluxd.leaves_nothing()
        fluxd.launch()
    until("it synced", lambda: repo.marker == repo.head)
