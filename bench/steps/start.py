"""From the start of the process to its first answer."""

from __future__ import annotations

from daemons import FluxV1
from figures import Budget, Row, figure
from repository import repository
from setting import Setting, say
from waiting import until


def minutes(setting: Setting) -> float:
    return (12 + setting.scale.starts * 0.5 + setting.scale.peer_starts * 3) / 60


def measure(setting: Setting) -> list[Row]:
    scale = setting.scale
    say(f"{scale.starts} starts of fluxd, {scale.peer_starts} of fluxd 1.25.4")
    repo = repository(setting, 1)
    ours, v1 = [], []
    with setting.plane("plane") as plane:
        for _ in range(scale.starts):
            with setting.fluxd(plane, repo) as daemon:
                ours.append(until("fluxd serves", daemon.serves, 30, every=0.0005) - daemon.began)
        for _ in range(scale.peer_starts):
            with FluxV1(plane, repo) as peer:
                if peer.served is None:
                    raise RuntimeError("fluxd 1.25.4 did not serve")
                v1.append(peer.served - peer.began)
    times = figure(ours, "s")
    budget = Budget("under 100 ms", times.value, 0.1)
    return [Row("start to serving identity.pub", times, v1=figure(v1, "s"), budget=budget)]
