"""Taking over from the released Flux v1, and handing back to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.flux_v1 import FluxV1
from support.fluxd import GC
from support.git import GitRepo
from support.kube import Kube, Object
from support.manifests import config_map, deployment, dump, load, namespace
from support.wait import until

_REVISION = "deployment.kubernetes.io/revision"


def _repository(repo: GitRepo, ns: str) -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": ns}}
    ports = [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "admin", "port": 81, "targetPort": 8081}]
    service["spec"] = {"selector": {"app": "web"}, "ports": ports}
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "r", "namespace": ns}}
    role["rules"] = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    repo.commit(
        {"namespace.yaml": namespace(ns), "web.yaml": deployment(ns, "web"), "quiet.yaml": deployment(ns, "quiet")}
        | {"service.yaml": dump(service)}
        | {"role.yaml": dump(role), "removed.yaml": config_map(ns, "removed")}
        | {"fields.yaml": config_map(ns, "fields", {"stays": "1", "goes": "1"}, example_org__note="goes too")}
        | {"ignored.yaml": config_map(ns, "ignored", fluxcd_io__ignore="sync_only")}
    )


def _rolled_out(deployment: Object) -> bool:
    status = deployment["status"]
    current = status.get("observedGeneration") == deployment["metadata"]["generation"]
    return current and status.get("updatedReplicas") == status.get("replicas") == status.get("readyReplicas")


def _identities(kube: Kube, manifests: list[Object]) -> dict[str, object]:
    """What must not change when somebody else takes over."""
    found: dict[str, object] = {}
    for each in manifests:
        metadata = (kube.find(each) or {})["metadata"]
        found[f"{each['kind']}/{metadata['name']}"] = (metadata["uid"], metadata.get("generation"))
    return found


def _rollout(kube: Kube, path: str) -> object:
    """Of a Deployment that we have changed: Flux v1 annotates it anew, which raises its generation, and no more."""
    living = kube.get(path) or {}
    return (living["metadata"]["uid"], living["spec"], living["metadata"]["annotations"][_REVISION])


@pytest.mark.real
@pytest.mark.seconds(1900)
def test_there_and_back_again(
    cluster: Cluster, repo: GitRepo, ns: str, flux_v1: FluxV1, start, proxy: FaultProxy, tmp_path: Path
) -> None:
    kube = cluster.kube
    _repository(repo, ns)
    flux_v1.start()
    until("Flux v1 synced", lambda: repo.marker == repo.head)
    flux_v1.stop()
    assert not flux_v1.errors()
    manifests = load(repo.work)
    web = f"/apis/apps/v1/namespaces/{ns}/deployments/web"
    until("the Deployment is rolled out", lambda: _rolled_out(kube.get(web) or {}))
    before = _identities(kube, manifests)
    assert kube.config_map(ns, "fields")["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]

    # Ours takes over: nothing is made anew, nothing is deleted, nothing even changes.
    fluxd = start(repo, GC, "--sync-interval=1s")
    fluxd.syncs_again()
    assert _identities(kube, manifests) == before
    assert proxy.deletions() == [] and not [write for write in proxy.writes() if write.startswith("POST")]
    mark = proxy.mark()
    fluxd.syncs_again(2)
    assert proxy.writes(mark) == []
    assert not fluxd.errors()

    # What Flux v1 applied and git gives up goes: fields, entries of lists, whole files.
    repo.commit({"fields.yaml": config_map(ns, "fields", {"stays": "1"}), "removed.yaml": None})
    repo.edit("service.yaml", "  - name: admin\n    port: 81\n    targetPort: 8081\n", "")
    repo.edit("web.yaml", "        args:\n        - serve\n", "")
    repo.push("less of everything")
    fluxd.follows(repo)
    assert kube.config_maps(ns)["fields"] == {"stays": "1"}
    assert "example.org/note" not in kube.config_map(ns, "fields")["metadata"]["annotations"]
    assert "removed" not in kube.config_maps(ns)
    service = kube.get(f"/api/v1/namespaces/{ns}/services/web")
    assert [port["name"] for port in service["spec"]["ports"]] == ["http"]
    assert "args" not in (kube.get(web) or {})["spec"]["template"]["spec"]["containers"][0]
    assert not fluxd.errors()
    fluxd.stop()

    # And back: Flux v1 finds its house in order.
    manifests = load(repo.work)
    until("the Deployment is rolled out again", lambda: _rolled_out(kube.get(web) or {}))
    manifests = [each for each in manifests if (each["kind"], each["metadata"]["name"]) != ("Deployment", "web")]
    before, rollout = _identities(kube, manifests), _rollout(kube, web)
    flux_v1.start()
    until("Flux v1 has synced twice", lambda: flux_v1.log().count('cmd="kubectl apply -f -"') >= 2)
    assert flux_v1.errors() == []
    assert _identities(kube, manifests) == before and _rollout(kube, web) == rollout
    repo.commit({"fields.yaml": config_map(ns, "fields", {"stays": "2"}), "role.yaml": None})
    until("Flux v1 synced", lambda: repo.marker == repo.head)
    assert kube.config_maps(ns)["fields"]["stays"] == "2"
    until("and collected", lambda: kube.get(f"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles/r") is None)
    assert flux_v1.errors() == []
