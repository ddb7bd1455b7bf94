"""What a controller or the API server owns by design, and what is done, is not fought over."""

from __future__ import annotations

import pytest
import yaml

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.git import GitRepo
from support.kube import Object
from support.manifests import deployment, dump, namespace
from support.wait import until


@pytest.mark.real
def test_what_controllers_keep_is_left_to_them(cluster: Cluster, repo: GitRepo, ns: str, proxy, start) -> None:
    roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    cluster.forget(f"{roles}/{ns}", f"{roles}/{ns}-part")
    controller: Object = yaml.safe_load(deployment(ns, "rc"))
    controller |= {"apiVersion": "v1", "kind": "ReplicationController"}
    del controller["spec"]["selector"]
    # Some of the labels of its template: where it has none at all, the server takes those.
    controller["metadata"]["labels"] = {"app": "rc"}
    service: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"namespace": ns, "name": "web"},
        "spec": {"selector": {"app": "rc"}, "ports": [{"port": 80}]},
    }
    endpoints: Object = {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": {"namespace": ns, "name": "web"},
        "subsets": [{"addresses": [{"ip": "10.1.2.3"}], "ports": [{"port": 80}]}],
    }
    whole: Object = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": ns},
        "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"part-of": ns}}]},
        "rules": [],
    }
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    part: Object = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": f"{ns}-part", "labels": {"part-of": ns}},
        "rules": rules,
    }
    repo.commit({"namespace.yaml": namespace(ns), "all.yaml": dump(controller, service, endpoints, whole, part)})
    fluxd = start(repo, "--sync-interval=1s")
    fluxd.follows(repo)
    fluxd.says(f"a controller of Kubernetes keeps it.* resource={ns}:endpoints/web")
    until("the role has its rules", lambda: cluster.kube.get(f"{roles}/{ns}").get("rules") == rules)
    until("the replicas run", lambda: _status(cluster, ns).get("readyReplicas") == 1)
    fluxd.syncs_again(2)
    mark = proxy.mark()
    fluxd.syncs_again(3)
    assert proxy.writes(mark) == []
    assert cluster.kube.get(f"{roles}/{ns}")["rules"] == rules
    assert fluxd.metric("flux_daemon_contested_resources") == 0


def _status(cluster: Cluster, ns: str) -> Object:
    return cluster.kube.get(f"/api/v1/namespaces/{ns}/replicationcontrollers/rc").get("status", {})


@pytest.mark.real
def test_a_pod_that_has_ended_is_not_made_again(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    def pod(name: str) -> str:
        spec = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "registry.example.org/once"}]}
        return dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": ns, "name": name}, "spec": spec})

    pods = f"/api/v1/namespaces/{ns}/pods"
    repo.commit({"namespace.yaml": namespace(ns), "done.yaml": pod("done"), "lost.yaml": pod("lost")})
    fluxd = start(repo, "--sync-interval=1s")
    fluxd.follows(repo)
    until("it runs", lambda: cluster.kube.get(f"{pods}/done")["status"]["phase"] == "Running")
    cluster.kube.merge(f"{pods}/done/status", {"status": {"phase": "Succeeded"}})

    def looked_at(name: str, since: int) -> list:
        return proxy.since(since, lambda each: each.method == "GET" and each.path.split("?")[0] == f"{pods}/{name}")

    mark = proxy.mark()
    until("it is seen to have ended", lambda: looked_at("done", mark))
    mark = proxy.mark()
    until("that comparison is over, and so is the next", lambda: looked_at("lost", mark)[1:])
    for name in ("done", "lost"):
        cluster.kube.delete(f"{pods}/{name}")
    until("what was lost is there again", lambda: fluxd.lines("pod/lost outcome=created.*not in the cluster")[1:])
    fluxd.syncs_again(2)
    assert cluster.kube.get(f"{pods}/done") is None
    assert cluster.kube.get(f"{pods}/lost") is not None
