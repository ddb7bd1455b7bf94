"""The machine has nothing more to give for a moment: told, survived, and made good without a restart."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import OFTEN
from support.git import GitRepo
from support.manifests import config_map
from support.wait import until


def _leave_descriptors(pid: int, free: int) -> Callable[[], None]:
    """Leaves it so many that it may open; gives back what takes that away again."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    taken = {int(each) for each in os.listdir(f"/proc/{pid}/fd")}
    limit = 0
    while free > 0:
        free -= limit not in taken
        limit += 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, hard))
    return lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard)) and None


def test_no_descriptors(cluster: Cluster, repo: GitRepo, ns: str, synced, proxy: FaultProxy) -> None:
    fluxd = synced(OFTEN, "--git-poll-interval=1s", "--healthz-limit=3s")
    fluxd.syncs_again()
    log, good = fluxd.mark(), repo.head
    give_back = _leave_descriptors(fluxd.process.pid, 3)  # for a probe
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None})
    fluxd.says(r"\berr=.*(?i:too many open files|descriptor)", log)
    until("it is told", lambda: fluxd.get("/readyz")[0] == 503)
    proxy.cut_connections()
    give_back()
    wanted = {"a": {"key": "2"}, "c": {"key": "1"}}
    until("all is as in git", lambda: cluster.kube.config_maps(ns) == wanted)
    until("the marker moved", lambda: repo.marker == repo.head != good)
    until("it is well", lambda: fluxd.get("/readyz")[0] == 200 and fluxd.get("/healthz")[0] == 200)
    assert not fluxd.lines("cloning another one"), "nothing is wrong with the copy"
    assert {each.split("?")[0].rpartition("/")[2] for each in proxy.deletions()} == {"b"}
