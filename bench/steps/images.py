"""Images: what it takes to know them, and to keep knowing them. 100 images of 100 tags, on a registry of this machine."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import process
from daemons import Daemon, Fluxd, FluxV1
from figures import Budget, Row, figure, percentile
from plane import Plane
from registry import MANIFEST, Registry
from repository import repository
from setting import Setting, say
from support.git import GitRepo
from support.memcached import Memcached
from waiting import until

_NS = "shop"
_RPS = 200  # as the budgets have it


@dataclass(frozen=True)
class Work:
    """What one piece of work took, until all was known."""

    took: float
    requests: int  # of the registry
    cpu: float  # of the daemon


def minutes(setting: Setting) -> float:
    scale = setting.scale
    each = scale.images * scale.image_tags * 2 / _RPS
    return (2 * each + scale.images * scale.many_tags * 2 / 900 + scale.list_tags * 2 / 900 + 120) / 60


def measure(setting: Setting) -> list[Row]:
    return [
        *_choices(setting),
        *_beside_v1(setting),
        *_many_tags(setting),
        *_list_images(setting),
        *_webhooks(setting),
    ]


def _choices(setting: Setting) -> list[Row]:
    """From a cold cache until every workload's choice is known."""
    scale = setting.scale
    rows = []
    with _filled(setting, scale.images, scale.image_tags) as (registry, names):
        newest = registry.tag(scale.image_tags - 1)
        tenth = f"glob:{newest[:-1]}*"
        passed = sum(registry.tag(number).startswith(newest[:-1]) for number in range(scale.image_tags))
        for filtered, bound in (("semver:*", 2 * scale.images), (tenth, scale.images * (2 + 2 * passed))):
            say(f"{scale.images} images of {scale.image_tags} tags, {filtered}, until each choice is known")
            repo = _workloads(setting, names, filtered)
            with setting.plane("plane") as plane, _fluxd(setting, plane, repo, registry) as daemon:
                known = _until_chosen(daemon, registry, newest)
            rows.append(
                Row(
                    f"{scale.images} images of {scale.image_tags} tags, cold, until each choice by {filtered} is known: requests",
                    figure([known.requests], "requests"),
                    budget=Budget(f"at most {bound:,}", known.requests, bound),
                    note=f"{known.took:.1f} s after the start; to a registry {_RPS} requests a second",
                )
            )
    return rows


def _beside_v1(setting: Setting) -> list[Row]:
    scale = setting.scale
    every = scale.images * scale.image_tags
    with _filled(setting, scale.images, scale.image_tags) as (registry, names):
        repo = _workloads(setting, names, "semver:*")
        say(f"the same until everything is known, fluxd: about {every * 2 / _RPS + 20:.0f} s")
        with setting.plane("plane") as plane:
            daemon = _fluxd(setting, plane, repo, registry)
            with daemon:
                cold = _until_known(daemon, registry, 0, every)
                memory = process.memory(daemon.pid)
                again = _refresh(daemon, registry, names)
            mark = registry.mark()
            with daemon:
                warm = _until_known(daemon, registry, mark, scale.images, since_start=True)
        say(f"the same, fluxd 1.25.4 with memcached: about {every * 2 / _RPS + 40:.0f} s")
        memcached = Memcached(setting.folder("memcached"))
        try:
            with setting.plane("plane") as plane:
                peer = FluxV1(plane, repo, *_flags(registry), *memcached.flags)
                mark = registry.mark()
                with peer:
                    cold_v1 = _until_known(peer, registry, mark, every)
                    memory_v1 = process.memory(peer.pid)
                    again_v1 = _refresh(peer, registry, names)
        finally:
            memcached.stop()
    images = f"{scale.images} images of {scale.image_tags} tags"
    return [
        Row(
            f"{images}, cold, until all is known: requests",
            figure([cold.requests], "requests"),
            v1=figure([cold_v1.requests], "requests"),
            budget=Budget("no more than 1.25.4", cold.requests, cold_v1.requests),
        ),
        Row(
            "time of that",
            figure([cold.took], "s"),
            limit=figure([cold.requests / _RPS], "s"),
            v1=figure([cold_v1.took], "s"),
            budget=Budget("the rate limit, and a tenth", cold.took, cold.requests / _RPS * 1.1),
        ),
        Row(
            "processor time of the daemon for that",
            figure([cold.cpu], "s"),
            v1=figure([cold_v1.cpu], "s"),
            budget=Budget("a tenth of 1.25.4's", cold.cpu, cold_v1.cpu / 10),
        ),
        Row(
            "resident memory then",
            figure([memory.now], "MB"),
            v1=figure([memory_v1.now], "MB"),
            note=f"at most {memory.peak:.1f} MB; 1.25.4 {memory_v1.peak:.1f} MB, and memcached",
        ),
        Row(
            f"{images}, told to look again, nothing new: requests",
            figure([again.requests], "requests"),
            v1=figure([again_v1.requests], "requests"),
            budget=Budget("under 2 an image", again.requests, 2 * scale.images - 1),
        ),
        Row(
            "processor time of the daemon for that",
            figure([again.cpu], "s"),
            v1=figure([again_v1.cpu], "s"),
            budget=Budget("under 50 ms", again.cpu, 0.05),
            note=f"with the {scale.images} notices",
        ),
        Row(
            f"{images}, restarted: requests",
            figure([warm.requests], "requests"),
            budget=Budget("under 2 an image", warm.requests, 2 * scale.images - 1),
        ),
    ]


def _many_tags(setting: Setting) -> list[Row]:
    """Memory with many tags and many objects."""
    scale = setting.scale
    every = scale.images * scale.many_tags
    say(f"{scale.images} images of {scale.many_tags:,} tags and {scale.objects} objects: about {every * 2 / 900 + 60:.0f} s")
    with _filled(setting, scale.images, scale.many_tags) as (registry, names):
        repo = _workloads(setting, names, "semver:*", repository(setting, scale.namespaces))
        with setting.plane("plane") as plane, _fluxd(setting, plane, repo, registry, "--registry-rps=100000") as daemon:
            _until_known(daemon, registry, 0, every)
            memory = process.memory(daemon.pid)
    return [
        Row(
            f"resident memory, {scale.images} images of {scale.many_tags:,} tags, {scale.objects} objects",
            figure([memory.now], "MB"),
            budget=Budget("under 64 MB", memory.now, 64),
            note=f"at most {memory.peak:.1f} MB",
        )
    ]


def _list_images(setting: Setting) -> list[Row]:
    scale = setting.scale
    say(f"list-images of an image of {scale.list_tags:,} tags: about {scale.list_tags * 2 / 900 + 20:.0f} s")
    with _filled(setting, 1, scale.list_tags) as (registry, names):
        repo = _workloads(setting, names, "semver:*")
        with setting.plane("plane") as plane, _fluxd(setting, plane, repo, registry, "--registry-rps=100000") as daemon:
            _until_known(daemon, registry, 0, scale.list_tags)
            path = f"/api/flux/v6/images?service={_NS}:deployment/server-0"
            asked = [_timed(lambda: _ask(daemon, path)) for _ in range(scale.lists)]
            command = [setting.program("fluxctl"), "list-images", "-w", f"{_NS}:deployment/server-0"]
            url = {"FLUX_URL": f"http://127.0.0.1:{daemon.port}/api/flux", "HOME": str(setting.folder("home"))}
            whole = [_timed(lambda: subprocess.run(command, env=url, stdout=subprocess.DEVNULL, check=True)) for _ in asked]
    listing = f"list-images of an image of {scale.list_tags:,} tags"
    in_daemon, fluxctl = figure(asked, "s"), figure(whole, "s")
    return [
        Row(f"{listing}: time in the daemon", in_daemon, budget=Budget("under 20 ms", in_daemon.value, 0.02)),
        Row(f"{listing}: fluxctl, from start to end", fluxctl, budget=Budget("under 60 ms", fluxctl.value, 0.06)),
    ]


def _webhooks(setting: Setting) -> list[Row]:
    """A new tag that the registry tells of, by a filter that has to know when it was made."""
    scale = setting.scale
    say(f"{scale.webhooks} webhooks of a registry")
    secret = setting.folder("secret") / "secret"
    secret.write_text("a secret\n")
    times = []
    with _filled(setting, 1, 10) as (registry, names):
        repo = _workloads(setting, names, "glob:1.*")
        flag = f"--webhook-secret-file={secret}"
        with setting.plane("plane") as plane, _fluxd(setting, plane, repo, registry, flag) as daemon:
            _until_known(daemon, registry, 0, 10)
            for number in range(10, 10 + scale.webhooks):
                times.append(_webhook(daemon, registry, names[0].partition("/")[2], number))
    half = percentile(times, 0.5, "s")
    told = f"new tag told by webhook, until the choice is known: p50 of {len(times)}"
    return [Row(told, half, budget=Budget("under 50 ms", half.value, 0.05), note=f"at most {max(times) * 1000:.0f} ms")]


def _webhook(daemon: Daemon, registry: Registry, name: str, number: int) -> float:
    tag = registry.add(name, number)
    target = {"mediaType": MANIFEST, "repository": name, "tag": tag}
    body = {"events": [{"action": "push", "target": target, "request": {"host": registry.host}}]}
    began = time.monotonic()
    request = urllib.request.Request(
        f"http://127.0.0.1:{daemon.port}/hooks/distribution", json.dumps(body).encode(), {"Authorization": "a secret"}
    )
    urllib.request.urlopen(request, timeout=10).close()
    path = f"/api/flux/v12/explain?service={_NS}:deployment/server-0"
    chosen = f'"choice":"{tag}"'
    return daemon.wait("the choice is known", lambda: chosen in _ask(daemon, path), 30) - began


@contextmanager
def _filled(setting: Setting, images: int, tags: int) -> Iterator[tuple[Registry, list[str]]]:
    registry = Registry(setting.folder("registry"))
    names = registry.fill("shop/server", images, tags)
    with registry:
        yield registry, names


def _workloads(setting: Setting, names: list[str], filtered: str, repo: GitRepo | None = None) -> GitRepo:
    """A repository with an automated workload for each image."""
    repo = repo or GitRepo(setting.folder("git"))
    repo.write("shop/namespace.yaml", json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _NS}}))
    for number, image in enumerate(names):
        labels = {"app": f"server-{number}"}
        policies = {"fluxcd.io/automated": "true", "fluxcd.io/tag.server": filtered}
        container = {"name": "server", "image": f"{image}:1.0.0"}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        made = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"server-{number}", "namespace": _NS, "annotations": policies},
            "spec": {"replicas": 0, "selector": {"matchLabels": labels}, "template": template},
        }
        repo.write(f"shop/server-{number}.yaml", json.dumps(made))
    repo.commit({"README": "0\n"})
    return repo


def _flags(registry: Registry) -> list[str]:
    return ["--registry-disable-scanning=false", f"--registry-insecure-host={registry.host}", f"--registry-rps={_RPS}"]


def _fluxd(setting: Setting, plane: Plane, repo: GitRepo, registry: Registry, *flags: str) -> Fluxd:
    return setting.fluxd(plane, repo, *_flags(registry), *flags)


def _ask(daemon: Daemon, path: str) -> str:
    status, text = daemon.request("GET", path, timeout=60)
    if status != 200:
        raise RuntimeError(f"GET {path}: {status} {text[:300]}")
    return text


def _timed(act: object) -> float:
    began = time.monotonic()
    act()  # type: ignore[operator]
    return time.monotonic() - began


def _until_chosen(daemon: Daemon, registry: Registry, newest: str) -> Work:
    """Polls the list of all images, so its processor time says nothing."""
    path = f"/api/flux/v6/images?namespace={_NS}"

    def chosen() -> bool:
        containers = [each["Containers"][0] for each in json.loads(_ask(daemon, path)) or []]
        latest = [(each.get("LatestFiltered") or {}).get("ID", "") for each in containers]
        return bool(latest) and all(each.endswith(f":{newest}") for each in latest)

    daemon.wait("it serves", daemon.serves, 30)
    at = daemon.wait("each choice is known", chosen, 300)
    return Work(at - daemon.began, registry.requests_since(0), 0)


def _until_known(daemon: Daemon, registry: Registry, mark: int, least: int, since_start: bool = False) -> Work:
    """Until the registry has answered at least so many requests, and then no more. The daemon is not asked meanwhile."""
    before = process.cpu(daemon.pid)
    began, last, seen = time.monotonic(), time.monotonic(), registry.mark()
    while time.monotonic() < last + 5 or registry.requests_since(mark) < least:
        if not process.alive(daemon.pid) or time.monotonic() > began + 1200:
            raise RuntimeError(f"{registry.requests_since(mark):,} of {least:,} requests after {last - began:.0f} s")
        time.sleep(0.05)
        if registry.mark() != seen:
            last, seen = time.monotonic(), registry.mark()
    used = process.cpu(daemon.pid) - before
    return Work(last - (daemon.began if since_start else began), registry.requests_since(mark), used.own)


def _refresh(daemon: Daemon, registry: Registry, names: list[str]) -> Work:
    """Tells of each image as somebody does who heard that there is something new."""
    mark, before, began = registry.mark(), process.cpu(daemon.pid), time.monotonic()
    for name in names:
        host, _, path = name.partition("/")
        change = {"Kind": "image", "Source": {"Name": {"Domain": host, "Image": path}}}
        status, text = daemon.request("POST", "/api/flux/v11/notify", change)
        if status != 202:
            raise RuntimeError(f"notify: {status} {text}")
    until("it has looked again", lambda: registry.requests_since(mark) >= len(names), 60)
    time.sleep(2)  # for what else it may ask
    used = process.cpu(daemon.pid) - before
    return Work(time.monotonic() - began, registry.requests_since(mark), used.own)
