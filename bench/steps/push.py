"""One changed line out of 1,000 objects: pushed, noticed, live."""

from __future__ import annotations

import time
from dataclasses import dataclass

import objects
import process
from daemons import Daemon, FluxV1
from figures import Budget, Row, figure, percentile
from live import Live
from repository import change_config_map, repository
from setting import Setting, say


@dataclass(frozen=True)
class Change:
    live: float  # seconds from the end of the push, when the daemon is notified, to the watch event
    synced: float  # to the moved sync tag
    requests: int  # until then
    cpu: float  # until then, git and kubectl included


def minutes(setting: Setting) -> float:
    return (40 + setting.scale.pushes * 0.5 + setting.scale.peer_pushes * 12) / 60


def measure(setting: Setting) -> list[Row]:
    scale = setting.scale
    repo = repository(setting, scale.namespaces)
    with setting.plane("plane") as plane, setting.fluxd(plane, repo) as daemon:
        daemon.synced()
        say(f"{scale.pushes} pushes of one changed line, one after the other: {scale.pushes * 0.5:.0f} s")
        ours = _changes(daemon, scale.pushes, scale.namespaces)

    repo = repository(setting, scale.namespaces)
    with setting.plane("plane") as plane, FluxV1(plane, repo) as peer:
        peer.synced()
        say(f"{scale.peer_pushes} such pushes for fluxd 1.25.4, about 10 s each")
        v1 = _changes(peer, scale.peer_pushes, scale.namespaces)

    line = f"one line of {scale.objects} objects pushed and notified"
    times, theirs = [each.live for each in ours], figure([each.live for each in v1], "s")
    half, most = percentile(times, 0.5, "s"), percentile(times, 0.99, "s")
    return [
        Row(f"{line}, live: p50 of {len(times)}", half, v1=theirs, budget=Budget("under 100 ms", half.value, 0.1)),
        Row(f"{line}, live: p99 of {len(times)}", most, v1=theirs, budget=Budget("under 500 ms", most.value, 0.5)),
        Row(
            f"{line}, sync tag moved",
            figure([each.synced for each in ours], "s"),
            v1=figure([each.synced for each in v1], "s"),
        ),
        Row(
            "requests of that",
            figure([each.requests for each in ours], "requests"),
            v1=figure([each.requests for each in v1], "requests"),
        ),
        Row(
            "processor time of that, git and kubectl included",
            figure([sum(each.cpu for each in ours) / len(ours)], "s"),
            v1=figure([sum(each.cpu for each in v1) / len(v1)], "s"),
            note="mean",
        ),
    ]


def _changes(daemon: Daemon, count: int, namespaces: int) -> list[Change]:
    assert daemon.repo
    changes = []
    with Live(daemon.plane) as live:
        for number in range(count):
            key, revision = objects.config_map(number, namespaces), str(number + 1)
            change_config_map(daemon.repo, key, revision)
            mark, before = daemon.plane.mark(), process.cpu(daemon.pid)
            began = time.monotonic()
            daemon.notify()
            changed = live.has(key, revision, 120) - began
            synced = daemon.synced() - began
            used = process.cpu(daemon.pid) - before
            requests = daemon.plane.requests_since(mark)
            changes.append(Change(changed, synced, requests.count, used.own + used.children))
    return changes
