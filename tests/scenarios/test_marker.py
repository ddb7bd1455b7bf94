"""How far it synced: the tag in git or the annotation of a secret, and git that is only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxctl import Fluxctl
from support.fluxd import GC, Fluxd
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.wait import until

SECRET = "flux-git-deploy"


def test_the_tag_is_annotated_and_follows(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, "--git-user=Ada", "--git-email=ada@example.org", "--git-sync-tag=synced")
    fluxd.notify()
    until("the tag is there", lambda: repo.revision("refs/tags/synced") == repo.head)
    assert repo.remote("cat-file", "-t", "synced") == "tag"
    text = repo.remote("cat-file", "tag", "synced")
    assert "tagger Ada <ada@example.org> " in text and text.endswith("\n\nSync pointer")
    fluxd.says(r'state="tag synced" old= new=' + repo.head)

    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.notify()
    until("the tag moved", lambda: repo.revision("refs/tags/synced") == repo.head)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    assert set(repo.refs("refs/tags")) == {"refs/tags/synced"}, "the tag of the write check stays"


def test_the_label_names_tag_and_notes(repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, "--git-label=team")
    fluxd.notify()
    until("the tag is there", lambda: repo.revision("refs/tags/team") == repo.head)
    assert repo.marker == ""


def test_somebody_else_moves_the_tag(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """Warned about once; the state of the cluster does not suffer."""
    first = repo.commit(config_maps(ns, "a"))
    fluxd = start(repo)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.follows(repo)
    warning = "detected external change in sync state"
    for value in ("3", "4"):
        repo.remote("tag", "--force", "--annotate", "--message=mine", "flux-sync", first)
        repo.commit({"a.yaml": config_map(ns, "a", {"key": value})})
        fluxd.follows(repo)
        assert cluster.kube.config_maps(ns)["a"] == {"key": value}
        fluxd.says(warning)
    assert len(fluxd.lines(warning)) == 1


def test_the_tag_goes_missing(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    repo.remote("tag", "--delete", "flux-sync")
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}


def test_the_tag_points_to_a_commit_that_is_gone(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """A force-push took the marked commit away while nobody looked."""
    first = repo.commit(config_maps(ns, "a"))
    repo.commit({"b.yaml": config_map(ns, "b")})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    fluxd.stop()
    repo.rewind(first)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.start().follows(repo)
    assert cluster.kube.config_maps(ns) == {"a": {"key": "2"}}


def test_the_commit_of_the_tag_is_pruned_on_the_server(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """The server can send neither the tag nor, asked for all at once, anything else."""
    first = repo.commit(config_maps(ns, "a"))
    lost = repo.commit({"b.yaml": config_map(ns, "b")})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    fluxd.stop()
    repo.rewind(first)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    (repo.bare / "objects" / lost[:2] / lost[2:]).unlink()
    fluxd.start()
    fluxd.says("repository corruption on the remote side")
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns) == {"a": {"key": "2"}}
    until("all is well", lambda: fluxd.notify() or fluxd.metric("flux_git_ready") == 1)


@pytest.fixture
def in_pod(cluster: Cluster, ns: str, make_fluxd, proxy: FaultProxy):
    """in_pod(repo, flag...) runs a daemon in a pod of namespace `ns`, where its secret is."""
    cluster.make_namespace(ns)
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": SECRET}, "data": {"identity": "c2VjcmV0"}}
    cluster.kube.create(f"/api/v1/namespaces/{ns}/secrets", manifest)

    def run(repo: GitRepo, *flags: str) -> Fluxd:
        fluxd = make_fluxd(repo, *flags)
        if not fluxd.move_into_pod(ns, proxy):
            pytest.skip("nobody may mount anything here")
        return fluxd.start()

    return run


def _high_water_mark(cluster: Cluster, ns: str) -> str:
    secret = cluster.kube.get(f"/api/v1/namespaces/{ns}/secrets/{SECRET}") or {}
    return (secret["metadata"].get("annotations") or {}).get("flux.weave.works/sync-hwm", "")


def test_the_marker_in_a_secret(cluster: Cluster, repo: GitRepo, ns: str, in_pod) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = in_pod(repo, GC, "--sync-state=secret")
    until("the annotation is there", lambda: _high_water_mark(cluster, ns) == repo.head)
    fluxd.says(rf'state="kubernetes {ns}:secret/{SECRET}"')
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.notify()
    until("the annotation follows", lambda: _high_water_mark(cluster, ns) == repo.head)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    assert repo.refs("refs/tags") == {}
    secret = cluster.kube.get(f"/api/v1/namespaces/{ns}/secrets/{SECRET}") or {}
    assert secret["data"]["identity"] == "c2VjcmV0", "the secret's data was touched"


def test_read_only_never_writes_to_git(cluster: Cluster, repo: GitRepo, ns: str, in_pod) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    before = repo.refs()
    for name in ("update", "pre-receive"):
        hook = repo.bare / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {repo.bare}/written\n")
        hook.chmod(0o755)
    fluxd = in_pod(repo, GC, "--git-readonly", "--git-user=Ada")
    until("it synced", lambda: _high_water_mark(cluster, ns) == repo.head)
    assert repo.refs() == before and not (repo.bare / "written").exists()
    assert fluxd.metric("flux_git_ready") == 1
    fluxd.says("warning=.*git-user")

    for hook in (repo.bare / "hooks").glob("*"):
        hook.unlink()
    repo.commit({"a.yaml": None})
    fluxd.notify()
    until("garbage collection works", lambda: set(cluster.kube.config_maps(ns)) == {"b", "c"})


def test_read_only_outside_of_a_cluster_is_kept_in_memory(
    cluster: Cluster, repo: GitRepo, ns: str, start, tmp_path: Path
) -> None:
    revision = repo.commit(config_maps(ns, "a"))
    before = repo.refs()
    fluxd = start(repo, "--git-readonly")
    fluxd.says("warning=.*in memory")
    fluxctl = Fluxctl.ours(tmp_path, cluster.kubeconfig, f"http://127.0.0.1:{fluxd.port}/api/flux")
    assert f"Revision of {repo.branch} to apply is {revision[:7]}" in fluxctl.run("sync").err
    assert set(cluster.kube.config_maps(ns)) == {"a"}
    assert repo.refs() == before


def test_a_secret_that_is_missing_is_told(cluster: Cluster, repo: GitRepo, ns: str, in_pod, proxy: FaultProxy) -> None:
    cluster.kube.delete(f"/api/v1/namespaces/{ns}/secrets/{SECRET}")
    repo.commit(config_maps(ns, "a"))
    fluxd = in_pod(repo, GC, "--sync-state=secret", "--sync-interval=500ms")
    fluxd.says(rf"\berr(or)?=.*{SECRET}")
    assert proxy.deletions() == []
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": SECRET}}
    cluster.kube.create(f"/api/v1/namespaces/{ns}/secrets", manifest)
    until("it synced", lambda: _high_water_mark(cluster, ns) == repo.head)


def test_an_unknown_state_is_refused(repo: GitRepo, make_fluxd) -> None:
    repo.commit({"README.md": "x"})
    fluxd = make_fluxd(repo, "--sync-state=elsewhere").launch()
    assert fluxd.process.wait(20) == 1
    assert "elsewhere" in fluxd.log
    fluxd.leaves_nothing()
    fluxd.process = None
