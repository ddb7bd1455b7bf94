"""What one changed line among many objects costs the daemon itself, and what it takes to know them."""

from __future__ import annotations

import time

import objects
import process
from daemons import Daemon
from figures import Budget, Row, figure
from repository import change_config_map, repository
from sandbox import Sandbox
from setting import Setting, say


def minutes(setting: Setting) -> float:
    return (setting.scale.many_namespaces + setting.scale.most_namespaces) / 500


def measure(setting: Setting) -> list[Row]:
    """On the sandbox: the daemon's own processor time does not depend on who serves it."""
    few, most = setting.scale.many_namespaces, setting.scale.most_namespaces
    return [*_one_line(setting, few, 0.01, None), *_one_line(setting, most, 0.02, 400)]


def _one_line(setting: Setting, namespaces: int, cpu_bound: float, memory_bound: float | None) -> list[Row]:
    count = f"{namespaces * 50:,} objects"
    say(f"one line among {count}, on the sandbox: about {namespaces / 8 + 20:.0f} s")
    repo = repository(setting, namespaces)
    with Sandbox(setting) as sandbox, setting.fluxd(sandbox, repo) as daemon:
        daemon.synced()
        rest(daemon)
        used = []
        for number in range(setting.scale.still + 1):
            change_config_map(repo, objects.config_map(number, namespaces), f"line-{number}")
            before = process.cpu(daemon.pid).own
            daemon.notify()
            daemon.synced()
            rest(daemon)  # what comes back from the watches belongs to it
            used.append(process.cpu(daemon.pid).own - before)
        memory = process.memory(daemon.pid)
    # The first one may do what the first sync left to do.
    cpu, first = figure(used[1:], "s"), used[0]
    return [
        Row(
            f"one line among {count}: processor time of fluxd",
            cpu,
            budget=Budget(f"under {cpu_bound * 1000:.0f} ms", cpu.value, cpu_bound),
            note=f"median of {setting.scale.still}; the first {first * 1000:.1f} ms; on the sandbox",
        ),
        Row(
            f"resident memory with {count}",
            figure([memory.now], "MB"),
            budget=Budget(f"under {memory_bound:g} MB", memory.now, memory_bound) if memory_bound else None,
            note=f"at most {memory.peak:.0f} MB",
        ),
    ]


def rest(daemon: Daemon) -> None:
    """Until it has used no processor time worth naming for a while."""
    before = process.cpu(daemon.pid).own
    while True:
        time.sleep(0.2)
        now = process.cpu(daemon.pid).own
        if now - before < 0.0005:
            return
        before = now
