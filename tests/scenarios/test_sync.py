"""What is in git is in the cluster, and stays so."""

from __future__ import annotations

import signal

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import config_map, config_maps, deployment, gc_mark, namespace
from support.wait import stays, until


def test_changes_in_git_arrive(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """An edit, an addition, a removal and a rename, each in its commit."""
    kube = cluster.kube
    repo.commit(config_maps(ns, "edited", "removed", "renamed", "kept"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    assert set(kube.config_maps(ns)) == {"edited", "removed", "renamed", "kept"}
    kept = kube.config_map(ns, "kept")

    repo.commit({"edited.yaml": config_map(ns, "edited", {"key": "2"})})
    fluxd.follows(repo)
    assert kube.config_maps(ns)["edited"] == {"key": "2"}

    repo.commit({"deep/er/added.yml": config_map(ns, "added", {"new": "yes"})})
    fluxd.follows(repo)
    assert kube.config_maps(ns)["added"] == {"new": "yes"}

    repo.commit({"removed.yaml": None})
    fluxd.follows(repo)
    assert "removed" not in kube.config_maps(ns)

    uid = (kube.config_map(ns, "renamed") or {})["metadata"]["uid"]
    repo.rename("renamed.yaml", "elsewhere/renamed.yaml")
    repo.push("another file, the same object")
    fluxd.follows(repo)
    assert (kube.config_map(ns, "renamed") or {})["metadata"]["uid"] == uid
    repo.commit({"elsewhere/renamed.yaml": config_map(ns, "other-name")})
    fluxd.follows(repo)
    assert set(kube.config_maps(ns)) == {"edited", "added", "other-name", "kept"}

    assert kube.config_map(ns, "kept") == kept, "an object that no commit touched was written"
    assert not fluxd.errors()


def test_a_field_removed_from_git_goes(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit({"namespace.yaml": namespace(ns), "a.yaml": config_map(ns, "a", {"stays": "1", "goes": "1"})})
    fluxd = start(repo)
    fluxd.follows(repo)
    repo.commit({"a.yaml": config_map(ns, "a", {"stays": "1"})})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"stays": "1"}


def test_objects_carry_mark_and_checksum(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    start(repo, GC).follows(repo)
    metadata = (cluster.kube.config_map(ns, "a") or {})["metadata"]
    assert metadata["labels"]["fluxcd.io/sync-gc-mark"] == gc_mark(repo.url, "master", [], f"{ns}:configmap/a")
    assert len(metadata["annotations"]["fluxcd.io/sync-checksum"]) == 40
    assert "kubectl.kubernetes.io/last-applied-configuration" not in metadata["annotations"]
    of_namespace = (cluster.kube.namespace(ns) or {})["metadata"]["labels"]["fluxcd.io/sync-gc-mark"]
    assert of_namespace == gc_mark(repo.url, "master", [], f"<cluster>:namespace/{ns}")


def test_a_sync_with_nothing_to_do_sends_no_writes(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    repo.commit(config_maps(ns, "a", "b") | {"web.yaml": deployment(ns, "web")})
    fluxd = start(repo, GC, "--sync-interval=500ms")
    fluxd.follows(repo)
    fluxd.syncs_again()
    mark = proxy.mark()
    fluxd.syncs_again(2)
    assert proxy.writes(mark) == []


def test_a_commit_without_manifests_sends_nothing(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    """Such commits are told by the names of the files; what comes after them must not be overlooked."""
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    repo.commit({"README": "1", "docs/more.txt": "1"})
    fluxd.follows(repo)
    mark = proxy.mark()
    repo.commit({"README": "2", "docs/more.txt": None})
    fluxd.follows(repo)
    assert proxy.writes(mark) == []
    repo.commit({"README": "3", "a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns) == {"a": {"key": "2"}}


def test_a_restart_changes_nothing(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    """A new process may apply everything once to learn what is its own, but that must not show."""
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = start(repo, GC, "--sync-interval=500ms")
    fluxd.follows(repo)
    before = [cluster.kube.config_map(ns, name) for name in "ab"]
    fluxd.stop()
    fluxd.start().syncs_again()
    mark = proxy.mark()
    fluxd.syncs_again()
    assert proxy.writes(mark) == []
    assert [cluster.kube.config_map(ns, name) for name in "ab"] == before


def test_deleted_behind_its_back_comes_back_at_once(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = start(repo, GC, "--sync-interval=1h")
    fluxd.follows(repo)
    for _ in range(2):
        cluster.kube.delete(f"/api/v1/namespaces/{ns}/configmaps/a")
        until("the object is back", lambda: cluster.kube.config_map(ns, "a"))
    assert not fluxd.errors()


def test_edited_behind_its_back_is_put_right_at_once(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    kube = cluster.kube
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = start(repo, GC, "--sync-interval=1h")
    fluxd.follows(repo)
    path = f"/api/v1/namespaces/{ns}/configmaps/a"
    kube.merge(path, {"data": {"key": "changed by hand"}})
    until("the value is that of git", lambda: kube.config_maps(ns)["a"].get("key") == "1")
    kube.merge(path, {"data": {"key": None}})
    until("the key is back", lambda: kube.config_maps(ns)["a"].get("key") == "1")
    kube.merge(path, {"metadata": {"labels": {"fluxcd.io/sync-gc-mark": None}}})
    until(
        "the mark is back",
        lambda: ((kube.config_map(ns, "a") or {})["metadata"].get("labels") or {}).get("fluxcd.io/sync-gc-mark"),
    )
    assert not fluxd.errors()


def test_what_others_own_is_left_alone(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    """Fields that are not in git belong to others. Their change is answered by one apply, which changes nothing."""
    kube = cluster.kube
    repo.commit(config_maps(ns, "a") | {"web.yaml": deployment(ns, "web")})
    fluxd = start(repo, GC, "--sync-interval=500ms")
    fluxd.follows(repo)
    if cluster.is_real:  # its controllers write status for a while
        web = f"/apis/apps/v1/namespaces/{ns}/deployments/web"
        until("the Deployment runs", lambda: (kube.get(web) or {})["status"].get("readyReplicas"))
    mark = proxy.mark()
    path = f"/api/v1/namespaces/{ns}/configmaps/a"
    kube.merge(path, {"data": {"other": "2"}, "metadata": {"annotations": {"example.org/by": "someone"}}})
    fluxd.syncs_again(2)
    assert kube.config_maps(ns)["a"] == {"key": "1", "other": "2"}
    assert len(proxy.writes(mark)) <= 1, proxy.writes(mark)
    version = kube.config_map(ns, "a")["metadata"]["resourceVersion"]
    mark = proxy.mark()
    fluxd.syncs_again(2)
    assert proxy.writes(mark) == []
    assert kube.config_map(ns, "a")["metadata"]["resourceVersion"] == version


def test_ignored_in_the_file(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """Not applied, neither created nor put right nor collected; applied again without the annotation."""
    kube = cluster.kube
    never = config_map(ns, "never", fluxcd_io__ignore="true")
    repo.commit(config_maps(ns, "a", "b") | {"never.yaml": never})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    assert set(kube.config_maps(ns)) == {"a", "b"}
    fluxd.says(f"ignore annotation in file.*{ns}:configmap/never")

    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}, flux_weave_works__ignore="true")})
    repo.edit("a.yaml", "flux.weave.works", "fluxcd.io")
    repo.push()
    fluxd.follows(repo)
    assert kube.config_maps(ns)["a"] == {"key": "1"}, "an ignored object was written"
    kube.merge(f"/api/v1/namespaces/{ns}/configmaps/a", {"data": {"key": "by hand"}})
    stays("left as it is", lambda: kube.config_maps(ns)["a"] == {"key": "by hand"}, 1)

    repo.commit({"a.yaml": config_map(ns, "a", {"key": "3"})})
    fluxd.follows(repo)
    assert kube.config_maps(ns)["a"] == {"key": "3"}


def test_ignored_in_the_cluster(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    kube = cluster.kube
    repo.commit(config_maps(ns, "a", "b", "c", "d"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    path = f"/api/v1/namespaces/{ns}/configmaps/a"
    kube.merge(path, {"metadata": {"annotations": {"fluxcd.io/ignore": "true"}}, "data": {"key": "by hand"}})
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": config_map(ns, "b", {"key": "2"})})
    fluxd.follows(repo)
    assert kube.config_maps(ns)["b"] == {"key": "2"}
    assert kube.config_maps(ns)["a"] == {"key": "by hand"}
    fluxd.says(f"ignore annotation in cluster resource.*{ns}:configmap/a")

    repo.commit({"a.yaml": None})
    fluxd.follows(repo)
    assert "a" in kube.config_maps(ns), "an ignored object was collected"


def test_ignore_sync_only_is_applied_and_protected(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    kube = cluster.kube
    guarded = config_map(ns, "guarded", {"key": "1"}, fluxcd_io__ignore="sync_only")
    repo.commit(config_maps(ns, "a", "b", "c") | {"guarded.yaml": guarded})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    assert kube.config_maps(ns)["guarded"] == {"key": "1"}
    repo.commit({"guarded.yaml": None, "a.yaml": None})
    fluxd.follows(repo)
    assert set(kube.config_maps(ns)) == {"b", "c", "guarded"}


def test_several_paths_and_a_branch(cluster: Cluster, tmp_path, ns: str, start) -> None:
    """Only the named directories and files count, on the named branch."""
    repo = GitRepo(tmp_path / "other", branch="team/production")
    repo.commit(
        {"base/namespace.yaml": namespace(ns), "apps/a.yaml": config_map(ns, "a"), "one/file.yaml": config_map(ns, "b")}
        | {"one/not.yaml": config_map(ns, "c"), "not.yaml": "this: is: not: read"}
    )
    fluxd = start(repo, GC, "--git-path=base,apps", "--git-path=one/file.yaml")
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a", "b"}
    labels = (cluster.kube.config_map(ns, "b") or {})["metadata"]["labels"]
    paths = ["base", "apps", "one/file.yaml"]
    assert labels["fluxcd.io/sync-gc-mark"] == gc_mark(repo.url, repo.branch, paths, f"{ns}:configmap/b")

    repo.commit({"apps/a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}


def test_poll_sighup_and_interval_bring_commits(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    polling = start(repo, "--git-poll-interval=500ms")
    polling.says("event=refreshed")
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    until("polling finds the commit", lambda: cluster.kube.config_maps(ns).get("a") == {"key": "2"})
    polling.stop()

    patient = start(repo, "--git-poll-interval=1h", "--sync-interval=1h")
    until("the first sync is done", lambda: patient.syncs() >= 1)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "3"})})
    patient.send(signal.SIGHUP)
    until("SIGHUP brings the commit", lambda: cluster.kube.config_maps(ns).get("a") == {"key": "3"})
    assert patient.running
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "4"})})
    patient.notify(branch="unrelated")
    patient.says("unrelated change")
    assert cluster.kube.config_maps(ns)["a"] == {"key": "3"}
    patient.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "4"}


def test_a_refreshed_head_is_logged(repo: GitRepo, ns: str, start) -> None:
    head = repo.commit(config_maps(ns, "a"))
    fluxd = start(repo)
    fluxd.follows(repo)
    line = fluxd.says("event=refreshed")
    assert f"url={repo.url}" in line and "branch=master" in line and f"HEAD={head}" in line
    assert f"new={head}" in fluxd.says("trying to sync git changes to the cluster")
