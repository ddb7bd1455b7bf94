"""Registries that hang, or that want to be left alone: others are scanned meanwhile, and each is found well again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from support.image_scan import SCANNING, ImageScan
from support.registry import Registry
from support.registry_proxy import RegistryProxy
from support.wait import until

NAMES = ("mute", "stuck", "busy", "later", "tired", "well")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    registry = Registry(tmp_path / "registry")
    for name in NAMES:
        registry.push(name, "1.0.0", "2026-01-01T00:00:00Z")
    yield registry
    registry.stop()


@pytest.fixture
def hosts(registry: Registry) -> Iterator[dict[str, RegistryProxy]]:
    """One for each image."""
    proxies = {name: RegistryProxy(registry.host) for name in NAMES}
    yield proxies
    for proxy in proxies.values():
        proxy.stop()


@pytest.mark.seconds(240)
def test_what_hangs_or_wants_a_pause_keeps_nobody_waiting(
    cluster, repo, ns, make_fluxd, registry: Registry, hosts: dict[str, RegistryProxy], tmp_path: Path
) -> None:
    """All at once, because each takes a minute."""
    insecure = [f"--registry-insecure-host={proxy.host}" for proxy in hosts.values()]
    images = {name: f"{proxy.host}/{name}:1.0.0" for name, proxy in hosts.items()}
    hosts["mute"].connections = "hang"
    hosts["stuck"].inject("/tags/list", end="hang", where="body")
    busy = hosts["busy"].inject("/tags/list", status=429, body=b'{"errors":[{"code":"TOOMANYREQUESTS"}]}')
    pause = {"Retry-After": formatdate(time.time() + 15, usegmt=True)}
    later = hosts["later"].inject("/tags/list", status=429, headers=pause, times=1)
    tired = hosts["tired"].inject("/tags/list", status=429, headers={"Retry-After": "7200"})
    scan = ImageScan(cluster, repo, ns, make_fluxd(repo, SCANNING, *insecure), tmp_path, images)
    until("the one that is well is scanned", lambda: scan.tags("well"), 30)
    scan.commit_arrives()
    registry.push("well", "1.1.0", "2026-02-01T00:00:00Z")
    scan.tell("well")
    until("who tells is heard", lambda: "1.1.0" in scan.tags("well"), 10)

    said = {
        "mute": f"{hosts['mute'].host}.*(in time|timed out|deadline)",
        "stuck": f"{hosts['stuck'].host}.*(in time|timed out|deadline)",
        "tired": f"{hosts['tired'].host} wants to be left alone for another (1h|59m).*--registry-rps",
        "busy": f"tags/list of {hosts['busy'].host}/busy: status 429, TOOMANYREQUESTS.*--registry-rps",
    }
    for name, words in said.items():
        line = scan.fluxd.says(f"image={hosts[name].host}/{name} err=.*{words}", timeout=100)
        assert "help=" in line, line
        assert scan.health(name)["error"]
    page = scan.fluxctl("status")
    assert "4 of them not well" in page
    assert busy.hits <= 2 and tired.hits == 1, "asked again in spite of what it said"
    until("who told when to come again was asked again", lambda: scan.tags("later"))
    assert later.hits == 1 and not scan.fluxd.lines(f"image={hosts['later'].host}/later err=")

    for proxy in hosts.values():
        proxy.recover()
    for name in ("mute", "stuck", "busy"):
        scan.tell(name)
    for name in ("mute", "stuck", "busy", "later", "well"):  # the other one wants an hour
        until(f"{name} is well again", lambda name=name: scan.is_well(name) and scan.tags(name), 120)
