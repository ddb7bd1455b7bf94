"""What the API server warns of reaches the log, once."""

from __future__ import annotations

import pytest

from support.cluster import Cluster
from support.git import GitRepo
from support.manifests import dump, namespace


@pytest.mark.real
def test_a_deprecated_kind_is_told_once(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    def endpoints(name: str) -> str:
        return dump({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"namespace": ns, "name": name}, "subsets": []})

    repo.commit({"namespace.yaml": namespace(ns), "a.yaml": endpoints("a"), "b.yaml": endpoints("b")})
    fluxd = start(repo)
    fluxd.follows(repo)
    repo.commit({"c.yaml": endpoints("c")})
    fluxd.follows(repo)
    told = fluxd.lines("kind=Endpoints .*deprecated")
    assert len(told) == 1 and f"resource={ns}:endpoints/" in told[0] and ".yaml (document 1, line 1)" in told[0]
