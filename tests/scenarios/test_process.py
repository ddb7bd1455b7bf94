"""The daemon as a process: health, metrics, flags, and an end that is clean at any moment."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from support import processes
from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC, Fluxd
from support.git import GitRepo
from support.git_servers import HangingServer, HttpsGitServer
from support.manifests import config_map, config_maps
from support.paths import program
from support.wait import until


def _ends_cleanly(fluxd: Fluxd, number: int = signal.SIGTERM) -> None:
    began = time.monotonic()
    assert fluxd.end(number) == 0
    assert not processes.mentioning(str(fluxd.home)), "processes left behind"
    fluxd.leaves_nothing()
    name = {signal.SIGTERM: "terminated", signal.SIGINT: "interrupt"}[signal.Signals(number)]
    fluxd.says(f"exiting={name}")
    fluxd.process = None
    assert time.monotonic() - began < 15, "half of what a kubelet grants"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_when_idle(number: signal.Signals, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    _ends_cleanly(fluxd, number)


def test_ends_in_the_middle_of_a_clone(start) -> None:
    hanging = HangingServer()
    fluxd = start(f"http://127.0.0.1:{hanging.port}/repo.git", GC, "--git-timeout=1h")
    until("git waits for an answer", lambda: hanging.connections)
    assert processes.descendants(fluxd.process.pid)
    _ends_cleanly(fluxd)
    hanging.stop()


def test_ends_in_the_middle_of_a_fetch(repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = make_fluxd(https.url(repo.bare), GC, "--git-timeout=1h")
    https.trust(fluxd.home)
    fluxd.start().follows(repo)
    https.hanging.set()
    asked = len(https.requests)
    fluxd.notify()
    until("git waits for an answer", lambda: len(https.requests) > asked)
    _ends_cleanly(fluxd)


def test_ends_in_the_middle_of_a_push(repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd) -> None:
    repo.commit(config_maps(ns, "a"))
    hook = repo.bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {repo.bare}/pushing\nexec sleep 20\n")
    hook.chmod(0o755)
    fluxd = make_fluxd(https.url(repo.bare), GC, "--git-timeout=1h")
    https.trust(fluxd.home)
    fluxd.start()
    until("the push is under way", (repo.bare / "pushing").exists)
    _ends_cleanly(fluxd)


@pytest.mark.parametrize("verb", ["GET", "PATCH|POST|PUT", "DELETE"])
def test_ends_in_the_middle_of_a_sync(
    verb: str, cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC, "--sync-timeout=1h", "--sync-interval=500ms")
    fluxd.follows(repo)
    fault = proxy.inject(verb, "namespaces|configmaps", hang=True)
    if verb == "GET":
        proxy.cut_connections()
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"}) if verb != "DELETE" else None})
    fluxd.notify()
    until("a request hangs", lambda: fault.hits > 0)
    _ends_cleanly(fluxd)
    proxy.clear()
    fluxd.start().follows(repo)
    assert set(cluster.kube.config_maps(ns)) == ({"b", "c"} if verb == "DELETE" else {"a", "b", "c"})


def test_ends_when_nothing_answers_at_the_start(make_fluxd, repo: GitRepo, proxy: FaultProxy) -> None:
    repo.commit({"README.md": "x"})
    fault = proxy.inject(hang=True)
    fluxd = make_fluxd(repo, GC).launch()
    until("a request hangs", lambda: fault.hits > 0)
    assert fluxd.end(timeout=15) in (0, 1)
    fluxd.leaves_nothing()
    fluxd.process = None


def test_a_killed_one_leaves_nothing_for_long(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """SIGKILL leaves its mirror; the next one on the same TMPDIR removes it."""
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    fluxd.send(signal.SIGKILL)
    fluxd.process.wait()
    left = set(os.listdir(fluxd.tmp))
    assert left
    fluxd.start()
    until("it has cloned", lambda: fluxd.metric("flux_git_ready") == 1)
    until("what was left is gone", lambda: not left & set(os.listdir(fluxd.tmp)))
    assert not [ref for ref in repo.refs("refs/tags") if "write-check" in ref]


def test_signals_that_mean_nothing_change_nothing(repo: GitRepo, ns: str, synced) -> None:
    fluxd = synced(GC)
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        fluxd.send(number)
    fluxd.notify()
    _ends_cleanly(fluxd)


def test_ends_while_a_credential_plugin_hangs(cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, tmp_path: Path) -> None:
    repo.commit(config_maps(ns, "a"))
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    ran = tmp_path / "ran"
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "interactiveMode": "Never"}
    plugin["args"] = ["-c", f"touch {ran}; exec sleep 1000"]
    for user in config["users"]:
        user["user"] = {"exec": plugin}
    kubeconfig = tmp_path / "kubeconfig-plugin"
    kubeconfig.write_text(json.dumps(config))
    fluxd = make_fluxd(repo, GC)
    fluxd.environment["KUBECONFIG"] = str(kubeconfig)
    fluxd.launch()
    until("it asks for credentials", ran.exists)
    # Past the first contact, so that the watches and the sync wait, too.
    fluxd.says("trying to sync git changes")
    _ends_cleanly(fluxd)


def test_a_listener_that_cannot_bind(repo: GitRepo, make_fluxd) -> None:
    repo.commit({"README.md": "x"})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for flag in ("--listen", "--listen-metrics"):
            fluxd = make_fluxd(repo, f"{flag}={address}").launch()
            assert fluxd.process.wait(30) not in (0, None)
            line = fluxd.says("exiting=")
            assert "in use" in line and address in fluxd.log
            fluxd.leaves_nothing()
            fluxd.process = None


def test_health_and_key_answer_before_git_does(start) -> None:
    hanging = HangingServer()
    fluxd = start(f"http://127.0.0.1:{hanging.port}/repo.git", GC, "--git-timeout=1h")
    began = time.monotonic()
    for path in ("/healthz", "/api/flux/v6/identity.pub", "/metrics", "/api/flux/v11/ping"):
        status, text = fluxd.get(path)
        assert status in (200, 204), f"{path}: {status} {text}"
    assert fluxd.get("/readyz")[0] == 503
    assert time.monotonic() - began < 3
    hanging.stop()


def test_ready_after_the_first_sync(repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    until("it is ready", lambda: fluxd.get("/readyz")[0] == 200)
    assert fluxd.get("/healthz")[0] == 200
    assert fluxd.get("/nothing/here")[0] == 404


def test_metrics_have_the_names_of_flux(repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a", "b"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    until("the sync is counted", lambda: fluxd.syncs() >= 1)  # the marker moves a little earlier
    names = fluxd.metrics()
    for wanted in (
        'flux_daemon_sync_duration_seconds_count{success="true"}',
        'flux_daemon_sync_duration_seconds_sum{success="true"}',
        'flux_daemon_sync_duration_seconds_bucket{success="true",le="120"}',
        'flux_daemon_sync_manifests{success="true"}',
        "flux_git_ready",
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_start_time_seconds",
    ):
        assert wanted in names, f"{wanted} is not in {sorted(names)}"
    assert names['flux_daemon_sync_manifests{success="true"}'] == 3
    assert names['flux_daemon_sync_manifests{success="false"}'] == 0
    text = fluxd.get("/metrics")[1]
    assert "# HELP flux_daemon_sync_duration_seconds Duration of git-to-cluster synchronisation, in seconds." in text
    assert "# TYPE flux_daemon_sync_duration_seconds histogram" in text


def test_metrics_on_a_listener_of_their_own(repo: GitRepo, make_fluxd) -> None:
    repo.commit({"README.md": "x"})
    own = make_fluxd(repo)  # only for its port
    fluxd = make_fluxd(repo, f"--listen-metrics=127.0.0.1:{own.port}").start()
    assert fluxd.get("/metrics")[0] == 404
    assert "flux_git_ready" in own.get("/metrics")[1]


def test_without_a_repository_it_serves(start, proxy: FaultProxy) -> None:
    fluxd = start("", GC)
    status, text = fluxd.request("POST", "/api/flux/v9/git-repo-config", False)
    assert status == 200 and "unconfigured" in text
    assert proxy.writes() == []


def test_json_logs(repo: GitRepo, ns: str, start) -> None:
    import json

    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, "--log-format=json")
    fluxd.follows(repo)
    records = [json.loads(line) for line in fluxd.log.splitlines()]
    assert any(record.get("event") == "refreshed" for record in records)
    assert all({"ts", "caller"} <= set(record) for record in records)


def test_memory_files_and_children_stay(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """Thirty commits leave descriptors, threads and temporary files as they were after the first ones."""
    repo.commit(config_maps(ns, "a"))
    # Of other namespaces it would watch, over a connection each, what other tests bring there meanwhile.
    fluxd = start(repo, GC, "--sync-interval=200ms", f"--k8s-allow-namespace={ns}")

    def held() -> tuple[int, int, int]:
        pid = fluxd.process.pid
        files = len(os.listdir(f"/proc/{pid}/fd"))
        return files, len(os.listdir(f"/proc/{pid}/task")), len(os.listdir(fluxd.tmp))

    def commits(first: int, last: int) -> None:
        for number in range(first, last):
            repo.commit({"a.yaml": config_map(ns, "a", {"key": str(number)})})
            fluxd.follows(repo)

    commits(0, 5)
    before = held()
    commits(5, 30)

    def not_more() -> bool:
        now = held()
        # Some connections that are open for reuse come and go, such as those of lists that other tests' kinds cause; what
        # 25 commits leave behind would be more.
        assert all(count <= then + 8 for count, then in zip(now, before, strict=True)), now
        return True

    until(f"no more than {before} files, threads and temporary files", not_more)


def test_the_programs_tell_one_version() -> None:
    commands = (["fluxd", "--version"], ["fluxctl", "version"], ["flux-sandbox", "--version"])
    told = {subprocess.check_output([str(program(name)), flag], text=True, timeout=20) for name, flag in commands}
    assert len(told) == 1, told
    assert re.fullmatch(r"\d+\.\d+\.\d+(-dev(\+[0-9a-f]{7,}(-dirty)?)?)?\n", told.pop())


def test_flags_that_are_wrong(tmp_path) -> None:
    def run(*flags: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        command = [str(program("fluxd")), *flags]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)

    unknown = run("--no-such-flag")
    assert unknown.returncode == 2 and "Error: unknown flag: --no-such-flag" in unknown.stderr
    assert "fluxd is the agent of flux." in unknown.stderr
    assert run("--sync-interval=soon").returncode == 2
    assert run("--help").returncode == 0
    missing = run(f"--kube-config={tmp_path}/none", "--git-url=x")
    assert missing.returncode == 1 and f"{tmp_path}/none" in missing.stderr
