"""An etcd that is restored while fluxd runs: the API server comes back under its address with an older state, or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.fault_proxy import FaultProxy
from support.git import GitRepo
from support.kube import Server
from support.manifests import config_map
from support.restorable import RestorablePlane, RestorableSandbox
from support.wait import until

INTERVAL = 10  # seconds

Restorable = RestorablePlane | RestorableSandbox


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Restorable]:
    real = os.environ.get("CLUSTER") == "real"
    cluster = RestorablePlane() if real else RestorableSandbox(tmp_path / "sandbox")
    yield cluster
    cluster.stop()


STATES = ["empty", "older"] if os.environ.get("CLUSTER") == "real" else ["empty"]


@pytest.mark.parametrize("state", STATES)
def test_restored_while_it_runs(state: str, cluster: Restorable, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    fluxd = synced(f"--sync-interval={INTERVAL}s")
    if state == "older":
        cluster.snapshot()
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None, "d.yaml": config_map(ns, "d")})
    fluxd.follows(repo)
    theirs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs", "namespace": ns}}
    for number in range(30):  # what makes the versions of the restored one lower
        cluster.kube.apply({**theirs, "data": {"key": str(number)}})
    mark, log = proxy.mark(), fluxd.mark()
    cluster.halt()
    proxy.cut_connections()
    until("it is told that the cluster is away", lambda: fluxd.get("/readyz")[0] == 503)
    cluster.resume()
    proxy.target = Server(cluster.kubeconfig)

    wanted = {"a": {"key": "2"}, "c": {"key": "1"}, "d": {"key": "1"}}
    until("all is as in git", lambda: cluster.kube.config_maps(ns) == wanted, timeout=2 * INTERVAL)
    until("it is told that it is well", lambda: fluxd.get("/readyz")[0] == 200)
    assert fluxd.lines("the API server has gone back to an older state", log)
    deleted = {each.split("?")[0].rpartition("/")[2] for each in proxy.deletions(mark)}
    assert deleted == ({"b"} if state == "older" else set())
    cluster.kube.delete(f"/api/v1/namespaces/{ns}/configmaps/c")
    until("it watches again", lambda: cluster.kube.config_maps(ns) == wanted, timeout=2 * INTERVAL)
