"""Git servers that fail: the user reads why, nothing is deleted, and the daemon goes on by itself."""

from __future__ import annotations

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo, git
from support.git_servers import HangingServer, HttpsGitServer
from support.manifests import config_map, config_maps
from support.ports import free_port
from support.processes import ProcessListWatch
from support.wait import PATIENCE, until

QUICK = f"--git-timeout={3 * PATIENCE:g}s"


def _over_https(make_fluxd, https: HttpsGitServer, repo: GitRepo, *flags: str, **url: str):
    fluxd = make_fluxd(https.url(repo.bare, **url), GC, QUICK, *flags)
    https.trust(fluxd.home)
    fluxd.secrets.append(url.get("password", https.password))
    return fluxd


def _notified_until(fluxd, what: str, condition, timeout: float = 60) -> None:
    """Waits for recovery; whoever pushes also notifies, which saves the daemon's own waiting time."""

    def poke() -> object:
        fluxd.notify()
        return condition()

    until(what, poke, timeout, every=0.2)


def test_nobody_listens(repo: GitRepo, start, proxy: FaultProxy) -> None:
    port = free_port()
    fluxd = start(f"http://127.0.0.1:{port}/repo.git", GC)
    line = fluxd.says(rf"\berr=.*127\.0\.0\.1.*{port}")
    assert "git" in line
    until("the metric tells", lambda: fluxd.metric("flux_git_ready") == 0)
    assert fluxd.get("/api/flux/v6/identity.pub")[0] == 200
    assert proxy.writes() == []


def test_nobody_knows_the_host(start) -> None:
    fluxd = start("ssh://git@does-not-exist.invalid/repo.git", GC, QUICK)
    fluxd.says(r"(?i)could not resolve|name or service not known|context deadline exceeded|temporary failure in name")
    assert fluxd.metric("flux_git_ready") == 0


def test_a_server_that_hangs_at_the_start(start, proxy: FaultProxy) -> None:
    hanging = HangingServer()
    fluxd = start(f"http://127.0.0.1:{hanging.port}/repo.git", GC, "--git-timeout=1s")
    fluxd.says(r"\berr=.*(deadline|timed? ?out)")
    status, _ = fluxd.get("/api/flux/v6/identity.pub")
    assert status == 200 and fluxd.metric("flux_git_ready") == 0 and proxy.writes() == []
    fluxd.stop()
    hanging.stop()


def test_a_wrong_password_is_told_without_it(
    cluster: Cluster, repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd
) -> None:
    repo.commit(config_maps(ns, "a"))
    password = "wrong-horse-9182"
    fluxd = _over_https(make_fluxd, https, repo, password=password)
    with ProcessListWatch(password) as watch:
        fluxd.start()
        fluxd.says(r"(?i)\berr=.*(authentication failed|could not read (username|password)|401)")
        assert fluxd.metric("flux_git_ready") == 0
        https.password = password  # the administrator mends it on the server
        _notified_until(fluxd, "the credential works", lambda: repo.marker == repo.head)
    assert not watch.seen, f"the password is in the process list: {watch.seen}"
    assert set(cluster.kube.config_maps(ns)) == {"a"}


@pytest.mark.parametrize("fault", ["500", "401", "200", "hangs"])
def test_a_server_that_fails_later(
    fault: str, cluster: Cluster, repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd, proxy: FaultProxy
) -> None:
    kube = cluster.kube
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = _over_https(make_fluxd, https, repo).start()
    fluxd.follows(repo)
    log, good = fluxd.mark(), repo.head
    if fault == "hangs":
        https.hanging.set()
    else:
        https.failure = int(fault)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "b.yaml": None})
    fluxd.notify()
    fluxd.says(r"\berr=.*without any branch or tag" if fault == "200" else r"\berr=", log)
    until("the metric tells", lambda: fluxd.metric("flux_git_ready") == 0)
    assert repo.marker == good and set(kube.config_maps(ns)) == {"a", "b", "c"}
    # What is known of git is kept up all the same.
    kube.delete(f"/api/v1/namespaces/{ns}/configmaps/c")
    until("the object is back", lambda: kube.config_map(ns, "c"))

    https.recover()
    _notified_until(fluxd, "the commit arrives", lambda: repo.marker == repo.head)
    until("the metric tells", lambda: fluxd.metric("flux_git_ready") == 1)
    assert kube.config_maps(ns) == {"a": {"key": "2"}, "c": {"key": "1"}}


def test_it_tries_again_by_itself(cluster: Cluster, repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd) -> None:
    """Without any notification."""
    repo.commit(config_maps(ns, "a"))
    https.failure = 503
    fluxd = _over_https(make_fluxd, https, repo).start()
    fluxd.says(r"\berr=")
    https.recover()
    until("it synced", lambda: repo.marker == repo.head)
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def test_a_push_that_is_refused(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """A hook is asked only when something is really pushed: the sync tag. Told as such, and it moves as soon as it may."""
    repo.commit(config_maps(ns, "a"))
    hook = repo.bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho this repository is read-only >&2\nexit 1\n")
    hook.chmod(0o755)
    fluxd = start(repo, GC)
    fluxd.says(r"\berr=.*(read-only|pre-receive)")
    assert set(cluster.kube.config_maps(ns)) == {"a"} and repo.marker == ""
    hook.unlink()
    _notified_until(fluxd, "the tag moves", lambda: repo.marker == repo.head)
    assert set(repo.refs("refs/tags")) == {"refs/tags/flux-sync"}


def test_a_force_push_is_followed(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    kube = cluster.kube
    first = repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}), "d.yaml": config_map(ns, "d")})
    fluxd.follows(repo)
    repo.rewind(first)
    repo.commit({"b.yaml": config_map(ns, "b", {"key": "rewritten"})})
    fluxd.follows(repo)
    assert kube.config_maps(ns) == {"a": {"key": "1"}, "b": {"key": "rewritten"}, "c": {"key": "1"}}

    # History without any common commit.
    git(repo.work, "checkout", "--quiet", "--orphan", "fresh")
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "orphan"})})
    fluxd.follows(repo)
    assert kube.config_maps(ns)["a"] == {"key": "orphan"}
    assert len(proxy.deletions()) == 1


def test_a_deleted_branch_deletes_nothing(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC, "--sync-interval=500ms")
    fluxd.follows(repo)
    log = fluxd.mark()
    repo.remote("update-ref", "-d", "refs/heads/master")
    fluxd.notify()
    fluxd.says("configured branch 'master' does not exist", log)
    assert proxy.deletions() == [] and set(cluster.kube.config_maps(ns)) == {"a", "b", "c"}
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    _notified_until(fluxd, "the branch is back", lambda: repo.marker == repo.head)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_disk_that_takes_nothing(fault: str, cluster: Cluster, repo: GitRepo, ns: str, make_fluxd) -> None:
    """What is known stays in effect; once the disk takes something again the commit arrives by itself."""
    kube = cluster.kube
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = make_fluxd(repo, GC)
    if not fluxd.on_a_disk_of_its_own("4m"):
        pytest.skip("nobody may mount anything here")
    fluxd.start()
    fluxd.follows(repo)
    log, filler = fluxd.mark(), fluxd.disk / "filler"
    if fault == "full":
        with pytest.raises(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    else:
        fluxd.make_disk_read_only()
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.notify()
    fluxd.says(r"\berr=.*([Nn]o space left|[Rr]ead-only)", log)
    until("the metric tells", lambda: fluxd.metric("flux_git_ready") == 0)
    assert kube.config_maps(ns)["a"] == {"key": "1"}
    kube.delete(f"/api/v1/namespaces/{ns}/configmaps/b")
    until("the object is back", lambda: kube.config_map(ns, "b"))

    if fault == "full":
        filler.unlink()
    else:
        fluxd.make_disk_writable()
    until("the commit arrives", lambda: repo.marker == repo.head)
    assert kube.config_maps(ns)["a"] == {"key": "2"}
    until("all is well", lambda: fluxd.metric("flux_git_ready") == 1)
    until("one mirror is left", lambda: len(list(fluxd.disk.glob("flux-gitclone*"))) == 1)


def test_a_damaged_mirror_is_made_anew(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    mirrors = list(fluxd.tmp.glob("flux-gitclone*"))
    assert len(mirrors) == 1
    for each in mirrors[0].rglob("HEAD"):
        each.unlink()
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    _notified_until(fluxd, "the commit arrives", lambda: repo.marker == repo.head)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    until("one mirror is left", lambda: len(list(fluxd.tmp.glob("flux-gitclone*"))) == 1)
