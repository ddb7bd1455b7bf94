"""Probes and metrics: what they say while git, the branch or the cluster is away, and once it is there again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.fault_proxy import FaultProxy
from support.fluxd import OFTEN, Fluxd
from support.git import GitRepo
from support.wait import until

# A sync that hangs with the cluster ends in time, too.
FLAGS = (OFTEN, "--git-poll-interval=1s", "--git-timeout=5s", "--sync-timeout=10s", "--healthz-limit=3s")


def probe(fluxd: Fluxd, path: str) -> tuple[int, str]:
    """Every probe is answered within the second that a kubelet gives it."""
    began = time.monotonic()
    status, text = fluxd.get(path)
    assert time.monotonic() - began < 1, path
    return status, text


def fails(fluxd: Fluxd, words: str) -> None:
    """Both probes name the trouble, no sync counts as good, and no restart is asked for."""
    until("it is not ready", lambda: probe(fluxd, "/readyz")[0] == 503)
    until("commits do not arrive", lambda: probe(fluxd, "/healthz")[0] == 503)
    until("both say why", lambda: all(words in probe(fluxd, path)[1] for path in ("/readyz", "/healthz")))
    assert probe(fluxd, "/livez")[0] == 200
    fluxd.syncs_again(success=False)
    good = fluxd.syncs()
    fluxd.syncs_again(success=False)
    assert fluxd.syncs() == good


def recovers(fluxd: Fluxd) -> None:
    until("it is ready again", lambda: probe(fluxd, "/readyz")[0] == 200)
    until("commits arrive again", lambda: probe(fluxd, "/healthz")[0] == 200)
    fluxd.syncs_again(timeout=60)


def test_git_away(repo: GitRepo, synced) -> None:
    fluxd = synced(*FLAGS)
    origin = Path(repo.url.removeprefix("file://"))
    away = origin.rename(origin.with_name("away"))
    fails(fluxd, "git")
    assert fluxd.metric("flux_git_ready") == 0
    away.rename(origin)
    recovers(fluxd)


def test_branch_deleted(repo: GitRepo, synced) -> None:
    fluxd = synced(*FLAGS)
    head = repo.head
    repo.remote("update-ref", "-d", f"refs/heads/{repo.branch}")
    fails(fluxd, repo.branch)
    repo.remote("update-ref", f"refs/heads/{repo.branch}", head)
    recovers(fluxd)


def test_repository_emptied(repo: GitRepo, synced) -> None:
    fluxd = synced(*FLAGS)
    refs = repo.refs()
    for ref in refs:
        repo.remote("update-ref", "-d", ref)
    fails(fluxd, repo.branch)
    for ref, revision in refs.items():
        repo.remote("update-ref", ref, revision)
    recovers(fluxd)


def test_cluster_down(synced, proxy: FaultProxy) -> None:
    fluxd = synced(*FLAGS)
    proxy.down()
    fails(fluxd, "the API server")
    proxy.up()
    recovers(fluxd)


@pytest.mark.parametrize("fault", [{"hang": True}, {"status": 500, "message": "etcd failed"}], ids=["silent", "no-etcd"])
def test_cluster_that_is_no_use(fault: dict[str, object], synced, proxy: FaultProxy) -> None:
    """What is open stays open: nothing but a question finds out."""
    fluxd = synced(*FLAGS)
    proxy.inject(**fault)
    fails(fluxd, "the API server")
    proxy.clear()
    recovers(fluxd)


def test_a_file_that_cannot_be_read(repo: GitRepo, synced) -> None:
    """Nothing is away, so it is ready; but commits do not arrive."""
    fluxd = synced(*FLAGS)
    repo.commit({"broken.yaml": "a: [\n"})
    fluxd.notify()
    until("commits do not arrive", lambda: "broken.yaml" in probe(fluxd, "/healthz")[1])
    assert probe(fluxd, "/readyz")[0] == 200
    repo.commit({"broken.yaml": None})
    fluxd.notify()
    recovers(fluxd)
