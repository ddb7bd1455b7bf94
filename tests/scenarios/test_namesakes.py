"""Kinds of one name in two API groups, such as the Services of Kubernetes and of Knative: two objects, each with its own
fate."""

from __future__ import annotations

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import custom_resource_definition, dump, namespace
from support.wait import until


def test_two_kinds_of_one_name(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    group = f"{ns}.example.org"
    definition = custom_resource_definition(group, "Service")
    cluster.forget(f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/services.{group}")
    named = {"metadata": {"name": "hello", "namespace": ns}}
    ours = {"apiVersion": "v1", "kind": "Service", **named, "spec": {"ports": [{"port": 80}]}}
    theirs = {"apiVersion": f"{group}/v1", "kind": "Service", **named, "spec": {"image": "hello"}}
    our_path, their_path = f"/api/v1/namespaces/{ns}/services/hello", f"/apis/{group}/v1/namespaces/{ns}/services/hello"
    repo.commit({"ns.yaml": namespace(ns), "crd.yaml": dump(definition), "ours.yaml": dump(ours)})
    fluxd = start(repo, GC)
    fluxd.follows(repo)

    repo.commit({"theirs.yaml": dump(theirs)})
    fluxd.follows(repo)
    assert cluster.kube.get(their_path)["spec"] == {"image": "hello"}
    assert fluxd.lines(rf"event=\"Sync: .*, {ns}:service\.{group}/hello\"")
    cluster.kube.delete(their_path)
    until("it is back", lambda: cluster.kube.get(their_path))
    assert proxy.deletions() == []

    repo.commit({"ours.yaml": None})
    fluxd.follows(repo)
    until("it is gone", lambda: cluster.kube.get(our_path) is None)
    repo.commit({"theirs.yaml": None, "ours.yaml": dump(ours)})
    fluxd.follows(repo)
    until("it is gone", lambda: cluster.kube.get(their_path) is None)
    assert cluster.kube.get(our_path) and {each.split("?")[0] for each in proxy.deletions()} == {our_path, their_path}
