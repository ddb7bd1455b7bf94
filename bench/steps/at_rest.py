"""Memory without a repository, and syncs with nothing to do and memory at 1,000 and at 10,000 objects."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import process
from daemons import Daemon, FluxV1
from figures import Budget, Row, figure
from process import Memory
from repository import change_nothing, repository
from setting import Setting, say

_INTERVAL = 5.0  # --sync-interval where full comparisons are measured


@dataclass(frozen=True)
class Still:
    """What one sync takes that finds nothing to do: the mean of several. Seconds."""

    took: float
    requests: float
    watches: int  # opened in all of them
    cpu: float  # of the daemon alone
    children: float  # its git and kubectl


@dataclass(frozen=True)
class AtRest:
    commit: Still  # a new commit that changes no manifest
    memory: Memory


def minutes(setting: Setting) -> float:
    return 1 + 11 * (setting.scale.namespaces + setting.scale.many_namespaces) / 220


def measure(setting: Setting) -> list[Row]:
    scale = setting.scale
    say("memory of a daemon without a repository, half a minute")
    rows = [_idle(setting)]
    for namespaces in (scale.namespaces, scale.many_namespaces):
        rows += _at_rest(setting, namespaces, is_many=namespaces == scale.many_namespaces)
    return rows


def _idle(setting: Setting) -> Row:
    def rest(daemon: Daemon) -> Memory:
        daemon.wait("it serves", daemon.serves, 30)
        time.sleep(2)  # what it does at its start
        return process.memory(daemon.pid)

    with setting.plane("plane") as plane:
        with setting.fluxd(plane, None) as daemon:
            ours = rest(daemon)
        with FluxV1(plane, None) as peer:
            v1 = rest(peer)
    return _memory_row("resident memory without a repository", ours, v1, 20)


def _at_rest(setting: Setting, namespaces: int, is_many: bool) -> list[Row]:
    objects = f"{namespaces * 50:,} objects"
    say(f"{objects} at rest: fluxd, about {namespaces * 0.6 + 40:.0f} s")
    repo = repository(setting, namespaces)
    with setting.plane("plane") as plane:
        with setting.fluxd(plane, repo) as daemon:
            first = daemon.synced() - daemon.began
            ours = _commits(daemon, setting.scale.still)
            notice = _still(daemon, setting.scale.still, lambda _: _notice(daemon))
        with setting.fluxd(plane, repo, f"--sync-interval={_INTERVAL:g}s") as daemon:
            full = _comparisons(daemon)
            again = process.memory(daemon.pid)

    say(f"{objects} at rest: fluxd 1.25.4, about {namespaces * 0.8 + 30:.0f} s")
    repo = repository(setting, namespaces)
    with setting.plane("plane") as plane, FluxV1(plane, repo) as peer:
        first_v1 = peer.synced() - peer.began
        v1 = _commits(peer, 1)

    commit = ours.commit
    return [
        Row(f"{objects}, first sync, once", figure([first], "s"), v1=figure([first_v1], "s")),
        Row(
            f"{objects}, commit that changes none of them: requests",
            figure([commit.requests], "requests"),
            v1=figure([v1.commit.requests], "requests"),
            budget=Budget("none", commit.requests, 0),
            note=f"mean of {setting.scale.still}; {commit.watches} watches opened meanwhile",
        ),
        Row(
            "processor time of fluxd for that",
            figure([commit.cpu], "s"),
            v1=figure([v1.commit.cpu], "s"),
            budget=Budget("under 10 ms", commit.cpu, 0.01) if is_many else None,
            note=f"and its git {commit.children * 1000:.0f} ms; git and kubectl of 1.25.4 {v1.commit.children:.1f} s",
        ),
        Row("sync tag moved for that", figure([commit.took], "s"), v1=figure([v1.commit.took], "s")),
        *_still_rows(f"{objects}, notify without a commit: requests", notice, is_many),
        *_still_rows(f"{objects}, comparison at --sync-interval: requests", full, is_many),
        _memory_row(f"resident memory, {objects}", ours.memory, v1.memory, 80 if is_many else None),
        _memory_row(f"resident memory, {objects}, started when they were there", again, None, 80 if is_many else None),
    ]


def _still_rows(what: str, still: Still, is_many: bool) -> list[Row]:
    return [
        Row(what, figure([still.requests], "requests"), budget=Budget("none", still.requests, 0)),
        Row(
            "processor time of fluxd for that",
            figure([still.cpu], "s"),
            budget=Budget("under 10 ms", still.cpu, 0.01) if is_many else None,
            note=f"and its git {still.children * 1000:.0f} ms",
        ),
    ]


def _memory_row(what: str, ours: Memory, v1: Memory | None, bound: float | None) -> Row:
    peer = f"; 1.25.4 {v1.peak:.1f} MB, without its kubectl" if v1 else ""
    return Row(
        what,
        figure([ours.now], "MB"),
        v1=figure([v1.now], "MB") if v1 else None,
        budget=Budget(f"under {bound:g} MB", ours.now, bound) if bound else None,
        note=f"at most {ours.peak:.1f} MB{peer}",
    )


def _commits(daemon: Daemon, count: int) -> AtRest:
    assert daemon.repo
    repo = daemon.repo

    def sync(number: int) -> float:
        change_nothing(repo, f"change {number}")
        began = time.monotonic()
        daemon.notify()
        return daemon.synced() - began

    return AtRest(_still(daemon, count, sync), process.memory(daemon.pid))


def _notice(daemon: Daemon) -> float:
    before, began = daemon.refreshes(), time.monotonic()
    daemon.notify()
    return daemon.wait("it fetches", lambda: daemon.refreshes() > before, 60) - began


def _still(daemon: Daemon, count: int, act: Callable[[int], float]) -> Still:
    """Where many are to be had, one goes before them uncounted: it may do what the syncs before it left to do."""
    if count > 1:
        act(0)
    mark, before = daemon.plane.mark(), process.cpu(daemon.pid)
    took = sum(act(number + 1) for number in range(count)) / count
    used, requests = process.cpu(daemon.pid) - before, daemon.plane.requests_since(mark)
    return Still(took, requests.count / count, requests.watches, used.own / count, used.children / count)


def _comparisons(daemon: Daemon, count: int = 3) -> Still:
    """Nobody asks the daemon for anything while it is measured, not even for metrics. What the first sync after a start
    did comes back from the watches, and is compared in full once more before the daemon rests."""
    for number in (1, 2):
        daemon.wait(f"sync {number}", lambda: daemon.syncs() >= number, 600, every=0.1)  # noqa: B023
    time.sleep(2.5 * _INTERVAL)
    mark, before, done = daemon.plane.mark(), process.cpu(daemon.pid), daemon.syncs()
    time.sleep((count + 0.5) * _INTERVAL)
    used, requests = process.cpu(daemon.pid) - before, daemon.plane.requests_since(mark)
    syncs = daemon.syncs() - done
    if syncs == 0:
        raise RuntimeError(f"no sync in {count} intervals")
    return Still(_INTERVAL, requests.count / syncs, requests.watches, used.own / syncs, used.children / syncs)
