"""What the server filled in does not stand in the way of what git says later."""

from __future__ import annotations

import pytest
import yaml

from support.cluster import Cluster
from support.git import GitRepo
from support.kube import Object
from support.manifests import deployment, dump, namespace


@pytest.mark.real
def test_defaults_give_way_to_another_member_of_a_union(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    def written(kind: str, strategy: Object, volume: Object) -> str:
        each: Object = yaml.safe_load(deployment(ns, kind.lower()))
        each["kind"] = kind
        each["spec"] |= strategy
        if kind == "StatefulSet":
            each["spec"]["serviceName"] = "store"
        each["spec"]["template"]["spec"]["volumes"] = [{"name": "x"} | volume]
        return dump(each)

    repo.commit(
        {
            "namespace.yaml": namespace(ns),
            "web.yaml": written("Deployment", {}, {}),
            "store.yaml": written("StatefulSet", {}, {}),
        }
    )
    fluxd = start(repo, "--sync-interval=10m")
    fluxd.follows(repo)
    repo.commit(
        {
            "web.yaml": written("Deployment", {"strategy": {"type": "Recreate"}}, {"configMap": {"name": "m"}}),
            "store.yaml": written("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}, {}),
        }
    )
    fluxd.follows(repo)
    assert not fluxd.errors()
    web = cluster.kube.get(f"/apis/apps/v1/namespaces/{ns}/deployments/deployment")["spec"]
    assert web["strategy"] == {"type": "Recreate"}
    assert "emptyDir" not in web["template"]["spec"]["volumes"][0]
    store = cluster.kube.get(f"/apis/apps/v1/namespaces/{ns}/statefulsets/statefulset")["spec"]
    assert store["updateStrategy"] == {"type": "OnDelete"}
