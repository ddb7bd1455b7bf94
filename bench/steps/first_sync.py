"""Bringing 1,000 objects into an empty cluster."""

from __future__ import annotations

from pathlib import Path

import objects
import process
from clients import Run, Way, generate_load, kubectl_apply
from daemons import Daemon, FluxV1
from figures import Budget, Row, figure
from repository import repository
from setting import Setting, say


def minutes(setting: Setting) -> float:
    scale = setting.scale
    return (2 * len(scale.in_flight) * 9 + scale.rounds * 20 + scale.peer_rounds * 45) / 60


def measure(setting: Setting) -> list[Row]:
    scale = setting.scale
    writes = setting.work / "writes"
    objects.store_writes(scale.namespaces, writes)
    manifests = setting.folder("manifests")
    objects.store(scale.namespaces, manifests)

    way = _best_way(setting, writes)
    limit, ours, kubectl, v1 = [], [], [], []
    for turn in range(max(scale.rounds, scale.peer_rounds)):
        say(f"first sync of {scale.objects} objects, round {turn + 1}: the limit, fluxd, kubectl, fluxd 1.25.4")
        if turn < scale.rounds:
            limit.append(_limit(setting, writes, way))
            ours.append(_fluxd(setting))
        if turn < scale.peer_rounds:
            kubectl.append(_kubectl(setting, manifests))
            v1.append(_flux_v1(setting))

    times = figure([each.seconds for each in ours], "s")
    best = figure(limit, "s")
    ratio = times.value / best.value
    return [
        Row(
            f"first sync of {scale.objects} objects, start to sync tag",
            times,
            limit=best,
            v1=figure([each.seconds for each in v1], "s"),
            other=figure([each.seconds for each in kubectl], "s"),
            other_name="kubectl",
            budget=Budget("at most 1.2 times the limit", ratio, 1.2),
            note=f"limit: the API server's best, {way}; we take {ratio:.2f} times that",
        ),
        Row(
            "processor time of that, git and kubectl included",
            figure([each.cpu for each in ours], "s"),
            v1=figure([each.cpu for each in v1], "s"),
            other=figure([each.cpu for each in kubectl], "s"),
            other_name="kubectl",
        ),
    ]


def _best_way(setting: Setting, writes: Path) -> Way:
    ways = [Way(http, in_flight) for http in (2, 1) for in_flight in setting.scale.in_flight]
    say(f"what the API server can take: {len(ways)} ways to send, 10 s each")
    times = {way: _limit(setting, writes, way) for way in ways}
    for way, seconds in times.items():
        say(f"  {way}: {seconds:.2f} s")
    return min(times, key=lambda way: times[way])


def _limit(setting: Setting, writes: Path, way: Way) -> float:
    with setting.plane("plane") as plane:
        seconds = generate_load(setting.program("load-generator"), plane, writes, way)
        plane.expect(setting.scale.namespaces)
    return seconds


def _kubectl(setting: Setting, manifests: Path) -> Run:
    with setting.plane("plane") as plane:
        run = kubectl_apply(setting.kubectl, plane, manifests, setting.folder("home"))
        plane.expect(setting.scale.namespaces)
    return run


def _fluxd(setting: Setting) -> Run:
    namespaces = setting.scale.namespaces
    repo = repository(setting, namespaces)
    with setting.plane("plane") as plane, setting.fluxd(plane, repo) as daemon:
        return _first_sync(daemon, namespaces)


def _flux_v1(setting: Setting) -> Run:
    namespaces = setting.scale.namespaces
    repo = repository(setting, namespaces)
    with setting.plane("plane") as plane, FluxV1(plane, repo) as daemon:
        return _first_sync(daemon, namespaces)


def _first_sync(daemon: Daemon, namespaces: int) -> Run:
    seconds = daemon.synced() - daemon.began
    used = process.cpu(daemon.pid)
    daemon.plane.expect(namespaces)
    return Run(seconds, used.own + used.children)
