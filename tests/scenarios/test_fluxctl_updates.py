"""The commands of fluxctl that change git, beside those of the released one, to the byte: what they ask of the daemon and
what they print. The daemon is canned, so that both are told the same. None of it needs a cluster."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.canned_daemon import REVISION, CannedDaemon, job, row, update
from support.fluxctl import Fluxctl, released
from support.paths import program
from support.processes import descendants
from support.terminal import Terminal
from support.wait import until

WEB = update("web", "ghcr.io/acme/web:1.4.0", "ghcr.io/acme/web:1.6.0")
PROXY = update("proxy", "envoyproxy/envoy:v1.20", "envoyproxy/envoy:v1.21")

RESULT = {
    "shop:deployment/web": row("success", "", WEB, PROXY),
    "shop:deployment/api": row("skipped", "locked"),
    "shop:deployment/old": row("ignored", "not included"),
    "shop:deployment/broken": row("failed", "container(s) not found: a, b", update("a", "x:1", "x:2")),
    "a:daemonset/x": row("unknown"),
}
RELEASED = job(RESULT, REVISION)
CHANGED = job({"shop:deployment/web": row("success")}, REVISION)
SKIPPED = job({"shop:deployment/web": row("skipped")})

ALL = ("release", "--all", "-i", "acme/web:1")
ONE = ("release", "--workload=shop:deployment/web", "-i", "acme/web:1")
WORKLOAD = ("-n", "shop", "-w", "Deployment/web")

CASES: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    ((*ALL,), RELEASED),
    ((*ALL, "-v"), RELEASED),
    ((*ALL, "-vv"), RELEASED),
    ((*ALL, "--verbose=2", "--dry-run"), job(RESULT)),
    ((*ALL, "--dry-run"), job()),
    ((*ALL, "--dry-run"), SKIPPED),
    ((*ALL, "--force"), RELEASED),
    ((*ALL, "-c", "no id", "--workload=neither"), RELEASED),
    (("release", "--all", "--update-all-images", "-m", "why", "--user", "Ann <ann@example.com>"), RELEASED),
    (("release", "--all", "-i", "<all latest>"), RELEASED),
    (("release", "--workload=a/b", "--update-all-images", "-f"), RELEASED),
    (("release", "--workload=shop:deployment/web,cronjob/x", "--workload", "y:Deployment/z", "-n", "ns", "-i", "a:1"), RELEASED),
    (("release", "-c", "x:y/z", "--workload=a/b", "-n", "ns", "-i", "host:5000/a/b:1"), RELEASED),
    (("release", "--workload", "<cluster>:a/b", "-i", "a:1", "--exclude=a:b/c,d/e", "--exclude", "f/g"), RELEASED),
    ((*ONE,), job(error="no changes made in repo")),
    ((*ONE,), job(error="HEAD revision is unsigned")),
    ((*ONE,), job()),
    (("automate", *WORKLOAD), CHANGED),
    (("deautomate", *WORKLOAD), CHANGED),
    (("lock", *WORKLOAD), CHANGED),
    (("lock", *WORKLOAD, "-m", "why"), CHANGED),
    (("lock", *WORKLOAD, "--user=Ann", "-m", "why"), CHANGED),
    (("lock", "-n", "shop", "-w", "a:b/c", "-c", "deployment/web"), CHANGED),
    (("unlock", *WORKLOAD), CHANGED),
    (("unlock", "-c", "shop:deployment/web"), CHANGED),
    (("policy", *WORKLOAD), SKIPPED),
    (("policy", *WORKLOAD, "-v"), SKIPPED),
    (("policy", *WORKLOAD, "--automate", "--lock", "-m", "why"), CHANGED),
    (("policy", *WORKLOAD, "--deautomate", "--unlock"), CHANGED),
    (("policy", *WORKLOAD, "--tag", "web=1.*", "--tag", "proxy=*,side=semver:~1"), CHANGED),
    (("policy", *WORKLOAD, "--tag", "a=regex:b|c", "--tag", "d=regexp:^e$", "--tag", "f=glob:*", "--tag", "g="), CHANGED),
    (("policy", *WORKLOAD, "--tag", "web=1", "--tag", "web=*"), CHANGED),
    (("policy", *WORKLOAD, "--tag", "web=*", "--tag", "web=1"), CHANGED),
    (("policy", *WORKLOAD, "--tag-all", "semver:>=1.2, <2"), CHANGED),
    (("policy", *WORKLOAD, "--tag-all=*"), CHANGED),
    (("policy", *WORKLOAD, "--tag-all="), SKIPPED),
    (("automate", *WORKLOAD), job(error="HEAD revision is unsigned")),
]


@pytest.fixture
def clients(tmp_path: Path) -> list[Fluxctl]:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text("{apiVersion: v1, kind: Config}")
    return [Fluxctl.ours(tmp_path, kubeconfig), Fluxctl.released(tmp_path, kubeconfig)]


def test_both_clients_ask_and_print_the_same(clients: list[Fluxctl]) -> None:
    for words, answer in CASES:
        seen = []
        for client in clients:
            with CannedDaemon([answer]) as daemon:
                seen.append((client.run(*words, FLUX_URL=daemon.url), daemon.requests))
        for ours, theirs in zip(*seen, strict=True):
            assert ours == theirs, f"{words}: {ours} {theirs}"


def test_both_clients_watch_the_same(clients: list[Fluxctl]) -> None:
    containers = [{"Name": "web", "Current": {"ID": "ghcr.io/acme/web:1.6.0"}}, {"Name": "p", "Current": {"ID": "e/e:1"}}]
    updating = {"Desired": 3, "Updated": 1, "Ready": 1, "Outdated": 2}
    web = {"ID": "shop:deployment/web", "Status": "updating", "Rollout": updating, "Containers": containers}
    bare = {"ID": "shop:deployment/bare", "Status": "ready"}
    failed = web | {"Rollout": updating | {"Messages": ["it crashed", "twice"]}}
    for verbosity, services in (("-wv", [[web, bare], [web | {"Status": "ready"}]]), ("-w", [[failed]])):
        seen = []
        for client in clients:
            with CannedDaemon([RELEASED], list(services)) as daemon:
                seen.append((client.run(*ALL, verbosity, FLUX_URL=daemon.url), daemon.requests))
        assert seen[0] == seen[1], services


END = "hit [Enter] to release selected."


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(["bash", "--norc", "-i"], tmp_path, "stty cols 100; PS1=")
    yield terminal
    terminal.close()


def test_both_clients_offer_the_same_menu(shell: Terminal) -> None:
    plan, done = job({"shop:deployment/web": row("success", "", WEB, PROXY)}), job({"a:b/c": row("success")}, REVISION)
    proxy = " " * 31 + "proxy: envoyproxy/envoy:v1.20 -> v1.21"
    seen = []
    for client in (program("fluxctl"), released()):
        with CannedDaemon([plan, done]) as daemon:
            shown = [shell.shows(f"{client} {' '.join(ALL)} --interactive --url {daemon.url}; echo st'at'us $?\n", END)]
            for key, end in (("\x1b[B", END), (" ", END), ("\r", "status 0")):
                # The released one makes the terminal ready for each key anew.
                until("the menu takes keys", shell.takes_keys)
                shown.append(shell.shows(key, end))
            assert f"⇒ ◉{proxy}" in shown[1] and f"⇒ ◯{proxy}" in shown[2]
            # Without what the shell shows before and afterwards.
            text = "".join(shown).replace("\r", "")
            seen.append((text[text.index("Submitting") : text.index("status 0")], daemon.requests))
    assert seen[0] == seen[1]


def test_the_menu_gives_the_terminal_back(shell: Terminal) -> None:
    with CannedDaemon([job({"shop:deployment/web": row("success", "", WEB)})]) as daemon:
        for end, said in (("\x03", "status 0"), ("\x1b", "status 0"), ("q", "status 0"), (None, "status 130")):
            shell.shows(f"fluxctl {' '.join(ALL)} --interactive --url {daemon.url}; echo st'at'us $?\n", END)
            if end is None:
                os.kill(next(iter(descendants(shell.pid))), signal.SIGTERM)
            shell.shows(end or "", said)
            assert re.search(r"[^-]echo ", shell.shows("stty -a; echo th'at' was all\n", "that was all"))


def test_a_menu_without_a_terminal_is_an_error(tmp_path: Path) -> None:
    with CannedDaemon([job()]) as daemon:
        done = subprocess.run(
            [program("fluxctl"), *ALL, "--interactive", "--url", daemon.url],
            env={"HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,
        )
    assert done.returncode == 1 and daemon.requests == []
    assert done.stderr.startswith("Error: --interactive needs a terminal: /dev/tty: ")
