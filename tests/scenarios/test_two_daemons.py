"""Two daemons on one repository, as in a rolling update: one changes the cluster, the other waits and takes over."""

from __future__ import annotations

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC, OFTEN
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.wait import until


def test_one_leads_and_the_other_takes_over(
    cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, proxy: FaultProxy
) -> None:
    pod_ns = cluster.namespace(create=True)
    flags = (GC, OFTEN, "--git-poll-interval=1h")
    old, new = make_fluxd(repo, *flags), make_fluxd(repo, *flags)
    if not (old.move_into_pod(pod_ns, proxy, "flux-old") and new.move_into_pod(pod_ns, proxy, "flux-new")):
        pytest.skip("no mounts here")
    repo.commit(config_maps(ns, "a", "b", "c"))
    old.start().follows(repo)
    new.start()
    until("it says who leads", lambda: new.api("/v12/status")["leader"] == "flux-old")

    # The one that waits fetches first; then the other does.
    repo.commit({"d.yaml": config_map(ns, "d")})
    mark = proxy.mark()
    new.notify()
    until("the other one has fetched", lambda: new.api("/v12/status")["git"]["head"] == repo.head)
    old.follows(repo)
    old.syncs_again(2)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c", "d"}
    written = {each.split("?")[0] for each in proxy.writes(mark) if "/leases/" not in each}
    assert written == {f"PATCH /api/v1/namespaces/{ns}/configmaps/d"}

    old.stop()
    repo.commit({"a.yaml": None})
    new.follows(repo)
    until("the new one collects", lambda: set(cluster.kube.config_maps(ns)) == {"b", "c", "d"})
    assert {each.split("?")[0] for each in proxy.deletions()} == {f"/api/v1/namespaces/{ns}/configmaps/a"}
