"""Fields that cannot be changed: refused with advice, and on request the object is deleted and created again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxctl import Fluxctl
from support.git import GitRepo
from support.kube import Object
from support.manifests import deployment, dump, namespace
from support.wait import until

FORCE = {"fluxcd.io/force": "true"}


def _deployment(ns: str, name: str, app: str, annotations: dict[str, str]) -> str:
    each: Object = yaml.safe_load(deployment(ns, name))
    each["metadata"]["annotations"] = annotations
    each["spec"]["selector"]["matchLabels"] = each["spec"]["template"]["metadata"]["labels"] = {"app": app}
    return dump(each)


def _job(ns: str, image: str) -> str:
    spec = {"containers": [{"name": "c", "image": image}], "restartPolicy": "Never"}
    metadata = {"namespace": ns, "name": "once", "annotations": FORCE}
    return dump(
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {"template": {"spec": spec}}}
    )


def _claim(ns: str, storage_class: str) -> str:
    metadata = {"namespace": ns, "name": "data", "annotations": FORCE}
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}},
        "storageClassName": storage_class,
    }
    return dump({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec})


def _settings(ns: str, value: str, finalizers: list[str]) -> str:
    metadata = {"namespace": ns, "name": "settings", "annotations": FORCE, "finalizers": finalizers}
    return dump(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "immutable": True, "data": {"key": value}}
    )


def test_an_object_is_deleted_and_created_again_on_request(
    cluster: Cluster, repo: GitRepo, ns: str, start, tmp_path: Path
) -> None:
    paths = {
        "web": f"/apis/apps/v1/namespaces/{ns}/deployments/web",
        "plain": f"/apis/apps/v1/namespaces/{ns}/deployments/plain",
        "once": f"/apis/batch/v1/namespaces/{ns}/jobs/once",
        "data": f"/api/v1/namespaces/{ns}/persistentvolumeclaims/data",
    }

    def files(version: str) -> dict[str, str]:
        return {
            "web.yaml": _deployment(ns, "web", version, FORCE),
            "plain.yaml": _deployment(ns, "plain", version, {}),
            "once.yaml": _job(ns, f"registry.example.org/{version}"),
            "data.yaml": _claim(ns, version),
        }

    def uids() -> dict[str, str]:
        return {name: cluster.kube.get(path)["metadata"]["uid"] for name, path in paths.items()}

    repo.commit({"namespace.yaml": namespace(ns)} | files("a"))
    fluxd = start(repo, "--sync-interval=10m")
    fluxd.follows(repo)
    before = uids()
    repo.branch = "proposal"
    repo.commit(files("b"))
    fluxctl = Fluxctl.ours(tmp_path, cluster.kubeconfig, f"http://127.0.0.1:{fluxd.port}/api/flux")
    fluxd.notify()
    told = until("it knows the branch", lambda: (said := fluxctl.run("diff", "--ref=proposal")).out and said)
    assert len(re.findall("would be deleted and created again", told.out)) == 2, told.out
    assert f"{ns}:deployment/plain" in told.out + told.err and f"{ns}:persistentvolumeclaim/data" in told.out + told.err
    assert uids() == before

    mark = fluxd.mark()
    repo.branch = "master"
    repo.push()
    fluxd.follows(repo)
    after = uids()
    assert {name for name in paths if after[name] != before[name]} == {"web", "once"}
    assert cluster.kube.get(paths["web"])["spec"]["selector"] == {"matchLabels": {"app": "b"}}
    for name in ("deployment/web", "job/once"):
        fluxd.says(f"deleting the object to create it again.* resource={ns}:{name} ", mark)
        fluxd.says(f'resource={ns}:{name} outcome="deleted and created again"', mark)
    fluxd.says(f"event=.*deleted and created again: {ns}:deployment/web, {ns}:job/once", mark)
    fluxd.says(f"resource={ns}:deployment/plain .*immutable.*fluxcd.io/force", mark)
    fluxd.says(f"resource={ns}:persistentvolumeclaim/data .*immutable", mark)


def test_never_what_fluxd_itself_runs_in(
    cluster: Cluster, repo: GitRepo, ns: str, proxy: FaultProxy, make_fluxd
) -> None:
    def files(version: str) -> dict[str, str]:
        return {f"{name}.yaml": _deployment(ns, name, f"{name}-{version}", FORCE) for name in ("own", "other")}

    def uid(name: str) -> str:
        return cluster.kube.get(f"/apis/apps/v1/namespaces/{ns}/deployments/{name}")["metadata"]["uid"]

    repo.commit({"namespace.yaml": namespace(ns)} | files("a"))
    fluxd = make_fluxd(repo, "--sync-interval=10m")
    if not fluxd.move_into_pod(ns, proxy, "flux-own"):
        pytest.skip("nobody may mount anything here")
    cluster.make_namespace(ns)
    fluxd.start().follows(repo)
    own, other = uid("own"), uid("other")
    owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "own", "uid": own}
    cluster.kube.create(
        f"/api/v1/namespaces/{ns}/serviceaccounts",
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"namespace": ns, "name": "flux"}},
    )
    cluster.kube.create(
        f"/api/v1/namespaces/{ns}/pods",
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"namespace": ns, "name": "flux-own", "ownerReferences": [owner]},
            "spec": {"serviceAccountName": "flux", "containers": [{"name": "flux", "image": "registry.example.org/flux"}]},
        },
    )
    mark = fluxd.mark()
    repo.commit(files("b"))
    fluxd.follows(repo)
    fluxd.says(f"resource={ns}:deployment/own .*immutable.*because this fluxd runs in it", mark)
    assert uid("own") == own and uid("other") != other


def test_what_a_finalizer_holds_is_created_once_it_is_gone(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    path = f"/api/v1/namespaces/{ns}/configmaps/settings"
    repo.commit({"namespace.yaml": namespace(ns), "settings.yaml": _settings(ns, "1", ["example.org/hold"])})
    fluxd = start(repo, "--sync-interval=10m")
    fluxd.follows(repo)
    mark = fluxd.mark()
    repo.commit({"settings.yaml": _settings(ns, "2", [])})
    fluxd.follows(repo)
    fluxd.says(f"resource={ns}:configmap/settings .*not gone yet.*finalizers", mark)
    assert cluster.kube.get(path)["data"] == {"key": "1"}
    cluster.kube.merge(path, {"metadata": {"finalizers": None}})
    until("it is created again", lambda: (cluster.kube.get(path) or {}).get("data") == {"key": "2"})
