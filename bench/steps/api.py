"""The API and fluxctl: listing 1,000 workloads, starting, and how many requests leave a sync alone."""

from __future__ import annotations

import http.client
import os
import subprocess
import threading
import time
from collections.abc import Callable

import objects
import process
from daemons import Daemon, FluxV1
from figures import Row, figure, percentile
from live import Live
from repository import change_config_map, repository
from setting import Setting, say
from support.git import GitRepo

_NAMESPACES, _EACH = 20, 50  # of the workloads
_LIST = "/api/flux/v6/services?namespace="
_CLIENTS = 8  # that ask without a pause


def minutes(setting: Setting) -> float:
    return (120 + setting.scale.starts * 0.2 + setting.scale.peer_rounds * 6 + setting.scale.asked_pushes) / 60


def measure(setting: Setting) -> list[Row]:
    scale = setting.scale
    ours, v1 = setting.program("fluxctl"), str(next(setting.cache.glob("flux-*/fluxctl")))
    say(f"{scale.starts} starts of each fluxctl; listing {_NAMESPACES * _EACH:,} workloads, about 2 minutes")
    starts = [_run([program, "version"], scale.starts) for program in (ours, v1)]

    repo = _workloads(setting)
    with setting.plane("plane") as plane:
        with setting.fluxd(plane, repo) as daemon:
            daemon.synced()
            in_daemon, whole = _lists(daemon, ours, scale.lists)
        with FluxV1(plane, repo) as peer:
            peer.synced()
            in_v1, whole_v1 = _lists(peer, v1, scale.peer_rounds)

    listing = f"list-workloads, {_NAMESPACES * _EACH:,} Deployments"
    return [
        Row("start of fluxctl: fluxctl version", figure(starts[0], "s"), v1=figure(starts[1], "s")),
        Row(f"{listing}: time in the daemon", figure([each for each, _ in in_daemon], "s"),
            v1=figure([each for each, _ in in_v1], "s")),
        Row("processor time of the daemon for that", figure([sum(cpu for _, cpu in in_daemon) / len(in_daemon)], "s"),
            v1=figure([sum(cpu for _, cpu in in_v1) / len(in_v1)], "s"), note="mean"),
        Row(f"{listing}: fluxctl, from start to end", figure(whole, "s"), v1=figure(whole_v1, "s")),
        *_asked_while_syncing(setting),
    ]  # fmt: skip


def _workloads(setting: Setting) -> GitRepo:
    repo = GitRepo(setting.folder("git"))
    objects.store_deployments(_NAMESPACES, _EACH, repo.work)
    repo.commit({"README": "0\n"})
    return repo


def _timed(act: Callable[[], None]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _run(command: list[str], times: int, **environment: str) -> list[float]:
    def once() -> None:
        subprocess.run(command, env=os.environ | environment, stdout=subprocess.DEVNULL, check=True, timeout=120)

    return [_timed(once) for _ in range(times)]


def _lists(daemon: Daemon, fluxctl: str, times: int) -> tuple[list[tuple[float, float]], list[float]]:
    """(seconds, processor time of the daemon) of requests; seconds of whole runs of fluxctl."""

    def ask() -> None:
        status, text = daemon.request("GET", _LIST, timeout=60)
        if status != 200 or text.count('"Rollout"') != _NAMESPACES * _EACH:
            raise RuntimeError(f"{daemon.log.name}: list-workloads: {status}, {text.count('Rollout')} workloads")

    ask()  # what only the first request does
    asked = []
    for _ in range(times):
        before = process.cpu(daemon.pid)
        took = _timed(ask)
        used = process.cpu(daemon.pid) - before
        asked.append((took, used.own + used.children))
    url = f"http://127.0.0.1:{daemon.port}/api/flux"
    return asked, _run([fluxctl, "list-workloads", "--all-namespaces"], times, FLUX_URL=url)


class _Askers:
    """Clients that list the workloads of one namespace, again and again, while `with` lasts."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(_CLIENTS)]
        self._lock = threading.Lock()
        self.answered = 0

    def __enter__(self) -> _Askers:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
        self.per_second = self.answered / (time.monotonic() - self._began)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._end.is_set():
            connection.request("GET", _LIST + objects.namespace_name(0))
            answer = connection.getresponse()
            answer.read()
            with self._lock:
                self.answered += answer.status == 200
        connection.close()


def _pushes(daemon: Daemon, live: Live, numbers: range, namespaces: int) -> list[float]:
    assert daemon.repo
    times = []
    for number in numbers:
        key, revision = objects.config_map(number, namespaces), f"asked-{number}"
        change_config_map(daemon.repo, key, revision)
        began = time.monotonic()
        daemon.notify()
        times.append(live.has(key, revision, 120) - began)
        daemon.synced()
    return times


def _asked_while_syncing(setting: Setting) -> list[Row]:
    scale = setting.scale
    say(f"{2 * scale.asked_pushes} pushes, half of them while {_CLIENTS} clients list workloads without a pause")
    repo = repository(setting, scale.namespaces)
    with setting.plane("plane") as plane, setting.fluxd(plane, repo) as daemon, Live(plane) as live:
        daemon.synced()
        quiet = _pushes(daemon, live, range(scale.asked_pushes), scale.namespaces)
        with _Askers(daemon.port) as askers:
            asked = _pushes(daemon, live, range(scale.asked_pushes, 2 * scale.asked_pushes), scale.namespaces)
    return [
        Row(f"API requests answered beside syncs: list-workloads of one namespace, {_CLIENTS} clients",
            figure([askers.per_second], "requests/s"), note="the clients take processor time, too"),
        Row("one line pushed and notified meanwhile, live", percentile(asked, 0.5, "s"),
            other=percentile(quiet, 0.5, "s"), other_name="without them", note=f"p50 of {len(asked)}"),
    ]  # fmt: skip

