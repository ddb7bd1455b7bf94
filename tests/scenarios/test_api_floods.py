"""An API server, or what stands before it, that sends without end: told with address and limit, and no memory goes."""

from __future__ import annotations

import pytest

from support import processes
from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import OFTEN
from support.git import GitRepo
from support.manifests import config_map
from support.wait import until

SIZE = 600 << 20
AT_ONCE = 120 << 20  # more than any limit, with all that is in flight; a fraction of what is sent
FOR_GOOD = 24 << 20


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("PATCH", "configmaps/a", 200, r"the answer of https://127\.0\.0\.1.*configmaps/a is longer than 8 MiB"),
        ("PATCH", "configmaps/a", 422, r"HTTP status 422"),
        ("GET", r"/configmaps\?limit", 200, r"https://127\.0\.0\.1.*configmaps is longer than 32 MiB"),
        ("GET", r"/configmaps\?watch", 200, r"cannot watch configmaps: a line of the watch is longer than 8 MiB"),
        ("GET", r"/configmaps\?watch", 500, r"cannot watch configmaps: HTTP status 500"),
    ],
    ids=["an object", "an error", "a list", "a line of a watch", "an error of a watch"],
)
def test_a_flood(
    method: str,
    path: str,
    status: int,
    says: str,
    cluster: Cluster,
    repo: GitRepo,
    ns: str,
    synced,
    proxy: FaultProxy,
) -> None:
    fluxd = synced(OFTEN)
    pid = fluxd.process.pid
    before, log = processes.memory(pid), fluxd.mark()
    processes.forget_peak(pid)
    flood = proxy.inject(method, path, status=status, flood=SIZE)
    proxy.cut_connections()  # so that lists and watches are asked for again
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": config_map(ns, "b", {"key": "2"})})
    fluxd.notify()
    fluxd.says(says, log)
    until("what is not flooded goes on", lambda: cluster.kube.config_maps(ns)["b"] == {"key": "2"})
    assert flood.hits and processes.memory(pid, "VmHWM") < before + AT_ONCE
    assert proxy.deletions() == []
    proxy.clear()
    wanted = {"a": {"key": "2"}, "b": {"key": "2"}, "c": {"key": "1"}}
    until("all is as in git", lambda: cluster.kube.config_maps(ns) == wanted)
    until("the marker moved", lambda: repo.marker == repo.head)
    until("the memory is given back", lambda: processes.memory(pid) < before + FOR_GOOD)
