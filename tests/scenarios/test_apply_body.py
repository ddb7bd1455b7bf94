"""What git says arrives as it is, although an API server reads the body of an apply as YAML."""

from __future__ import annotations

from support.cluster import Cluster
from support.git import GitRepo
from support.manifests import config_map, custom_resource_definition, dump, namespace

ODD = {
    "next-line": "one\u0085two",
    "delete": "one\u007ftwo",
    "control": "one\u009btwo",
    "nul": "one\0two",
    "separators": "one\u2028two\u2029three",
    "byte-order-mark": "one\ufefftwo",
    "no-characters": "one\ufffetwo\uffffthree",
    "replacement": "one\ufffdtwo",
    "emoji": "one\U0001f600two",
    "last": "one\U0010fffftwo",
}


def test_odd_characters_arrive(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit({"namespace.yaml": namespace(ns), "odd.yaml": config_map(ns, "odd", ODD)})
    fluxd = start(repo)
    fluxd.follows(repo)
    assert cluster.kube.config_map(ns, "odd")["data"] == ODD
    assert not fluxd.errors()


def test_long_and_odd_keys_arrive(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    definition = custom_resource_definition(f"{ns}.example.org", "Thing")
    cluster.forget("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + definition["metadata"]["name"])
    spec = {key: {"a": [{key: "b"}]} for key in ("k" * 1022, "k" * 5000, "\u0085" * 300, "<<", "*x", "? y", "a: b", "#")}
    thing = {
        "apiVersion": f"{ns}.example.org/v1",
        "kind": "Thing",
        "metadata": {"namespace": ns, "name": "odd"},
        "spec": spec,
    }
    repo.commit({"all.yaml": namespace(ns) + "---\n" + dump(definition), "thing.yaml": dump(thing)})
    fluxd = start(repo)
    fluxd.follows(repo)
    assert cluster.kube.find(thing)["spec"] == spec
    assert not fluxd.errors()
