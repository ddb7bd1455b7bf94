"""Manifests that somebody exported from a cluster, this one or another."""

from __future__ import annotations

from support.cluster import Cluster
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import dump, gc_mark, namespace


def test_exported_manifests(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    def exported(value: str) -> str:
        metadata = {
            "namespace": ns,
            "name": "map",
            "uid": "0a1b2c3d-0000-4000-8000-000000000001",
            "resourceVersion": "4711",
            "generation": 3,
            "creationTimestamp": "2020-01-02T03:04:05Z",
            "managedFields": [{"manager": "x", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1"}],
            "labels": {"fluxcd.io/sync-gc-mark": "sha256.of-another-cluster"},
            "annotations": {"fluxcd.io/sync-checksum": "0" * 40},
        }
        return dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": value}})

    repo.commit({"namespace.yaml": namespace(ns), "map.yaml": exported("1"), "other.yaml": namespace(ns + "-b")})
    cluster.forget(f"/api/v1/namespaces/{ns}-b")
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    repo.commit({"map.yaml": exported("2")})
    fluxd.follows(repo)
    live = cluster.kube.config_map(ns, "map")
    assert live["data"] == {"a": "2"}
    assert live["metadata"]["labels"]["fluxcd.io/sync-gc-mark"] == gc_mark(repo.url, "master", [], f"{ns}:configmap/map")
    fluxd.says("leaving out .* source=map.yaml fields=.*metadata.uid")
    assert not fluxd.errors()

    repo.commit({"map.yaml": None})
    fluxd.follows(repo)
    assert cluster.kube.config_map(ns, "map") is None
