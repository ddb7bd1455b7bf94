"""Fixtures of the scenarios. CLUSTER=sandbox (the default) or CLUSTER=real chooses what they run on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.certificates import Authority
from support.cluster import Cluster, Plane, Sandbox
from support.fault_proxy import TOKEN, FaultProxy
from support.flux_v1 import FluxV1
from support.fluxd import GC, Fluxd
from support.git import GitRepo
from support.git_servers import HttpsGitServer, SshGitServer
from support.manifests import config_maps
from support.memcached import Memcached
from support.wait import PATIENCE

TEST_TIMEOUT = 120  # seconds, for a test with its fixtures; @pytest.mark.seconds(N) gives another one


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Ends a test that hangs, wherever it does; not under a debugger."""
    marker = item.get_closest_marker("seconds")
    seconds = marker.args[0] if marker else TEST_TIMEOUT

    def too_long(*_: object) -> None:
        raise AssertionError(f"the test did not end within {seconds} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(0 if item.config.getoption("usepdb") else int(seconds * PATIENCE))
    yield
    signal.alarm(0)


@pytest.fixture(scope="session")
def plane() -> Iterator[Plane]:
    plane = Plane()
    yield plane
    plane.stop()


@pytest.fixture
def cluster(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cluster]:
    kind = os.environ.get("CLUSTER", "sandbox")
    if kind == "real":
        cluster = Cluster("real", request.getfixturevalue("plane").kubeconfig)
    else:
        cluster = Sandbox(tmp_path / "sandbox")
    yield cluster
    cluster.clean()
    cluster.stop()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def proxy(cluster: Cluster, tmp_path: Path, authority: Authority) -> Iterator[FaultProxy]:
    """In front of the cluster's API server; the daemon goes through it."""
    proxy = FaultProxy(tmp_path, cluster.kubeconfig, authority)
    yield proxy
    proxy.stop()


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "git")


@pytest.fixture
def ns(cluster: Cluster) -> str:
    """The name of a namespace that does not exist yet."""
    return cluster.namespace()


@pytest.fixture
def https(repo: GitRepo, authority: Authority) -> Iterator[HttpsGitServer]:
    """Serves `repo`."""
    server = HttpsGitServer(repo.bare.parent, authority)
    yield server
    server.stop()


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[SshGitServer]:
    server = SshGitServer(tmp_path / "ssh")
    yield server
    server.stop()


@pytest.fixture
def memcached(tmp_path: Path) -> Iterator[Memcached]:
    memcached = Memcached(tmp_path / "memcached")
    yield memcached
    memcached.stop()


FluxdMaker = Callable[..., Fluxd]


@pytest.fixture
def make_fluxd(proxy: FaultProxy, tmp_path: Path) -> Iterator[FluxdMaker]:
    """make_fluxd(repo or url, flag...) prepares a daemon that is ended, and checked, after the test."""
    made: list[Fluxd] = []

    def make(source: GitRepo | str, *flags: str, branch: str | None = None) -> Fluxd:
        url, own = (source.url, source.branch) if isinstance(source, GitRepo) else (source, "master")
        folder = tmp_path / f"fluxd-{len(made)}"
        fluxd = Fluxd(folder, proxy.kubeconfig, url, *flags, branch=branch or own)
        fluxd.secrets.append(TOKEN)
        made.append(fluxd)
        return fluxd

    yield make
    failures = []
    proxy.clear()
    for fluxd in made:
        try:
            fluxd.stop()
        except AssertionError as error:
            failures.append(f"{fluxd.folder.name}: {error}")
        print(f"--- {fluxd.log_file}\n{fluxd.tail()}", file=sys.stderr)
    assert not failures, "; ".join(failures)


@pytest.fixture
def start(make_fluxd: FluxdMaker) -> FluxdMaker:
    """start(repo or url, flag...) runs a daemon, which serves already."""

    def run(source: GitRepo | str, *flags: str, branch: str | None = None) -> Fluxd:
        return make_fluxd(source, *flags, branch=branch).start()

    return run


@pytest.fixture
def synced(repo: GitRepo, ns: str, start: FluxdMaker) -> Callable[..., Fluxd]:
    """synced(flag...) runs a daemon that collects garbage and has brought the ConfigMaps a, b and c."""

    def run(*flags: str) -> Fluxd:
        repo.commit(config_maps(ns, "a", "b", "c"))
        fluxd = start(repo, GC, *flags)
        fluxd.follows(repo)
        return fluxd

    return run


@pytest.fixture
def flux_v1(plane: Plane, repo: GitRepo) -> Iterator[FluxV1]:
    """On `repo`, not started."""
    flux = FluxV1(plane, repo)
    yield flux
    print(flux.log()[-6000:])
    flux.stop()
