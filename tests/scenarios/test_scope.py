"""Which objects a daemon may touch, and what it does with those that the API server refuses or does not know yet."""

from __future__ import annotations

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import config_map, config_maps, custom_resource_definition, dump, namespace
from support.wait import until

OFTEN = "--sync-interval=500ms"


def _two_namespaces(cluster: Cluster, repo: GitRepo) -> tuple[str, str]:
    one, two = cluster.namespace(), cluster.namespace()
    repo.commit({f"{ns}/{name}": text for ns in (one, two) for name, text in config_maps(ns, "a", "b").items()})
    return one, two


def test_only_allowed_namespaces_are_touched(cluster: Cluster, repo: GitRepo, start, proxy: FaultProxy) -> None:
    one, two = _two_namespaces(cluster, repo)
    cluster.make_namespace(two)
    fluxd = start(repo, GC, f"--k8s-allow-namespace={one}")
    cluster.kube.namespace(one) or cluster.make_namespace(one)
    until("the allowed one is synced", lambda: set(cluster.kube.config_maps(one)) == {"a", "b"})
    assert cluster.kube.config_maps(two) == {}
    assert not [each for each in proxy.requests if f"/namespaces/{two}/" in each.path]
    line = fluxd.says("not applying resources; excluded by namespace constraints")
    assert f"{two}:configmap/a" in line and f"{one}:" not in line


def test_narrowing_the_namespaces_never_deletes(cluster: Cluster, repo: GitRepo, start, proxy: FaultProxy) -> None:
    """Neither objects in a namespace that is no longer allowed, nor its Namespace object, whether git has it or not."""
    kube = cluster.kube
    one, two = _two_namespaces(cluster, repo)
    wide = start(repo, GC)
    wide.follows(repo)
    assert set(kube.config_maps(two)) == {"a", "b"}
    wide.stop()

    narrow = start(repo, GC, OFTEN, "--sync-garbage-collection-max-share=1", f"--k8s-allow-namespace={one}")
    narrow.syncs_again()
    repo.remove(two)
    repo.commit({f"{one}/a.yaml": None})
    narrow.follows(repo)
    narrow.syncs_again()
    assert set(kube.config_maps(one)) == {"b"} and set(kube.config_maps(two)) == {"a", "b"}
    assert "deletionTimestamp" not in (kube.namespace(two) or {})["metadata"]
    assert [path.split("?")[0] for path in proxy.deletions()] == [f"/api/v1/namespaces/{one}/configmaps/a"]


def test_an_allowed_namespace_that_does_not_exist_yet(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    later = cluster.namespace()
    files = config_maps(ns, "a") | {"later.yaml": config_map(later, "b")}
    cluster.make_namespace(ns)
    repo.commit(files)
    fluxd = start(repo, GC, OFTEN, f"--k8s-allow-namespace={ns},{later}")
    until("the first is synced", lambda: "a" in cluster.kube.config_maps(ns))
    cluster.make_namespace(later)
    until("the second too", lambda: "b" in cluster.kube.config_maps(later))
    assert fluxd.running


def test_the_default_namespace(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plain"}, "data": {"key": "1"}}
    repo.commit({"namespace.yaml": namespace(ns), "plain.yaml": dump(plain)})
    start(repo, GC, f"--k8s-default-namespace={ns}").follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"plain"}


def test_two_that_fall_together_by_the_default_namespace(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """Never a matter of luck: an error that names both, or always the same one with a warning."""
    plain = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"key": "plain"}}
    repo.commit(config_maps(ns, "a") | {"plain.yaml": dump(plain)})
    fluxd = start(repo, GC, f"--k8s-default-namespace={ns}")
    fluxd.says(f"duplicate definition of '{ns}:configmap/a'.*a.yaml and plain.yaml")


def test_excluded_resources_are_not_read(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC, OFTEN, "--k8s-unsafe-exclude-resource=*metrics.k8s.io/*,v1/Secret,batch/*")
    fluxd.follows(repo)
    fluxd.syncs_again()
    paths = [each.path for each in proxy.requests]
    assert not [path for path in paths if "/secrets" in path or path.startswith("/apis/batch/v1/")]
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def test_a_kind_and_its_objects_in_one_commit(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    """Whatever their order in git; and gone again together."""
    kube, group = cluster.kube, f"{ns}.example.org"
    crd = custom_resource_definition(group, "Widget")
    cluster.forget("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd["metadata"]["name"])
    widget = {
        "apiVersion": f"{group}/v1",
        "kind": "Widget",
        "metadata": {"name": "w", "namespace": ns},
        "spec": {"size": 1},
    }
    repo.commit(config_maps(ns, "a", "b", "c") | {"a-widget.yaml": dump(widget), "z-crd.yaml": dump(crd)})
    fluxd = start(repo, GC, "--sync-interval=1h")
    fluxd.follows(repo)
    living = until("the widget is there", lambda: kube.find(widget))
    assert living["spec"] == {"size": 1} and not fluxd.errors()

    kube.delete(kube.path(widget))
    until("it is watched like any other", lambda: kube.find(widget))

    repo.commit({"a-widget.yaml": None, "z-crd.yaml": None})
    fluxd.follows(repo)
    until(
        "both are gone",
        lambda: kube.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd["metadata"]["name"]) is None,
    )
    assert set(kube.config_maps(ns)) == {"a", "b", "c"}


def test_a_cluster_scoped_custom_kind(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    group = f"{ns}.example.org"
    crd = custom_resource_definition(group, "Planet", scope="Cluster")
    cluster.forget("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd["metadata"]["name"])
    planet = {"apiVersion": f"{group}/v1", "kind": "Planet", "metadata": {"name": "mars"}, "spec": {"moons": 2}}
    repo.commit({"crd.yaml": dump(crd), "planet.yaml": dump(planet), "a.yaml": namespace(ns)})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    living = cluster.kube.find(planet) or {}
    assert living["spec"] == {"moons": 2} and "namespace" not in living["metadata"]
    assert not fluxd.errors()


def test_an_object_that_is_refused_does_not_stop_the_others(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    """Logged, and the marker moves all the same; a later commit mends it."""
    bad = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "Not_A_Name", "namespace": ns}}
    repo.commit(config_maps(ns, "a", "b", "c") | {"bad.yaml": dump(bad)})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    line = fluxd.says(rf"\berr(or)?=.*{ns}:configmap/Not_A_Name|{ns}:configmap/Not_A_Name.*\berr(or)?=")
    assert "Invalid" in line or "RFC 1123" in line
    assert fluxd.metric("flux_daemon_sync_manifests", success="false") == 1
    assert fluxd.metric("flux_daemon_sync_manifests", success="true") == 4

    repo.commit({"bad.yaml": None})
    fluxd.follows(repo)
    assert fluxd.metric("flux_daemon_sync_manifests", success="false") == 0
    assert proxy.deletions() == []


def test_a_namespace_that_is_missing(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """An object for a namespace that nobody made: told, tried again, applied once the namespace is there."""
    elsewhere = cluster.namespace()
    repo.commit(config_maps(ns, "a") | {"lost.yaml": config_map(elsewhere, "lost")})
    fluxd = start(repo, GC, OFTEN)
    fluxd.follows(repo)
    fluxd.says(rf"\berr(or)?=.*{elsewhere}")
    assert set(cluster.kube.config_maps(ns)) == {"a"}
    cluster.make_namespace(elsewhere)
    until("it is applied", lambda: "lost" in cluster.kube.config_maps(elsewhere))
