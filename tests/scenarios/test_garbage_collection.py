"""Garbage collection deletes what left git, and refuses rather than guesses."""

from __future__ import annotations

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import config_map, config_maps, namespace

OFTEN = "--sync-interval=500ms"
TEN = [f"c{i}" for i in range(10)]


def test_off_by_default(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo)
    fluxd.follows(repo)
    repo.commit({"a.yaml": None})
    fluxd.follows(repo)
    assert proxy.deletions() == [] and set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}


def test_dry_run_tells_and_deletes_nothing(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC, "--sync-garbage-collection-dry")
    fluxd.follows(repo)
    repo.commit({"a.yaml": None})
    fluxd.follows(repo)
    line = fluxd.says(f"not in resources to be synced.*{ns}:configmap/a")
    assert "dry-run=true" in line
    assert proxy.deletions() == [] and set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}


def test_a_deletion_is_told_and_carries_preconditions(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    repo.commit({"a.yaml": None})
    fluxd.follows(repo)
    assert "dry-run=false" in fluxd.says(f"not in resources to be synced.*{ns}:configmap/a")
    assert [path.split("?")[0] for path in proxy.deletions()] == [f"/api/v1/namespaces/{ns}/configmaps/a"]
    assert set(cluster.kube.config_maps(ns)) == {"b", "c"}


def test_what_was_removed_while_it_was_away_is_collected(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    fluxd.stop()
    repo.commit({"a.yaml": None})
    fluxd.start().follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"b", "c"}


def test_an_empty_git_deletes_nothing(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    files = config_maps(ns, "a", "b", "c")
    repo.commit(files)
    fluxd = start(repo, GC, OFTEN, "--sync-garbage-collection-max-share=1")
    fluxd.follows(repo)
    mark = fluxd.mark()
    repo.commit({name: None for name in files} | {"README.md": "nothing here"})
    fluxd.notify()
    fluxd.says("(?i)garbage.collect", mark)
    fluxd.syncs_again()
    assert proxy.deletions() == [] and set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}

    repo.commit({name: text for name, text in files.items() if name != "c.yaml"} | {"README.md": None})
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b"}


def test_a_vanished_path_deletes_nothing(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    files = {"one/namespace.yaml": namespace(ns), "one/a.yaml": config_map(ns, "a"), "one/b.yaml": config_map(ns, "b")}
    repo.commit(files | {"two/c.yaml": config_map(ns, "c")})
    fluxd = start(repo, GC, "--git-path=one,two")
    fluxd.follows(repo)
    good = repo.head
    mark = fluxd.mark()
    repo.commit({"two": None, "one/a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.notify()
    assert "two" in fluxd.says("unable to read root path", mark)
    assert repo.marker == good and proxy.deletions() == []
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}

    repo.commit({"two/d.yaml": config_map(ns, "d")})
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b", "d"}


def test_more_than_the_share_needs_the_flag(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, *TEN))
    fluxd = start(repo, GC, OFTEN)
    fluxd.follows(repo)
    fluxd_mark = fluxd.mark()
    repo.commit({f"{name}.yaml": None for name in TEN[:8]} | {"c9.yaml": config_map(ns, "c9", {"key": "2"})})
    fluxd.notify()
    assert "sync-garbage-collection-max-share" in fluxd.says("(?i)garbage.collect", fluxd_mark)
    fluxd.syncs_again()
    assert proxy.deletions() == [] and len(cluster.kube.config_maps(ns)) == 10
    assert cluster.kube.config_maps(ns)["c9"] == {"key": "2"}, "what git says is applied all the same"
    fluxd.stop()

    start(repo, GC, OFTEN, "--sync-garbage-collection-max-share=0.9").syncs_again()
    assert set(cluster.kube.config_maps(ns)) == {"c8", "c9"}


def test_objects_of_others_stay(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    """A mark that was copied, as controllers do with labels, and an object that was never ours."""
    kube = cluster.kube
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    labels = (kube.config_map(ns, "a") or {})["metadata"]["labels"]
    for name, carried in (("copy", labels), ("foreign", {"fluxcd.io/sync-gc-mark": "sha256.other"}), ("plain", {})):
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": carried}}
        kube.create(f"/api/v1/namespaces/{ns}/configmaps", manifest)
    repo.commit({"a.yaml": None})
    fluxd.follows(repo)
    assert set(kube.config_maps(ns)) == {"b", "c", "copy", "foreign", "plain"}


def test_an_object_with_an_owner_is_not_ours(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """Even when its mark is right: the owner's controller decides about it."""
    kube = cluster.kube
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    owner = kube.config_map(ns, "b") or {}
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "b", "uid": owner["metadata"]["uid"]}
    kube.merge(f"/api/v1/namespaces/{ns}/configmaps/a", {"metadata": {"ownerReferences": [reference]}})
    repo.commit({"a.yaml": None})
    fluxd.follows(repo)
    assert set(kube.config_maps(ns)) == {"a", "b", "c"}


def test_two_daemons_share_a_cluster(cluster: Cluster, repo: GitRepo, ns: str, start, tmp_path) -> None:
    kube = cluster.kube
    other = GitRepo(tmp_path / "other")
    other_ns = cluster.namespace()
    repo.commit(config_maps(ns, "a", "b"))
    other.commit(config_maps(other_ns, "a", "b"))
    first, second = start(repo, GC), start(other, GC, OFTEN)
    first.follows(repo)
    second.follows(other)
    repo.commit({"a.yaml": None})
    first.follows(repo)
    second.syncs_again()
    assert set(kube.config_maps(other_ns)) == {"a", "b"}
    assert set(kube.config_maps(ns)) == {"b"}
