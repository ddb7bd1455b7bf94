"""The released Flux v1 beside ours, on one registry and one memcached: each reads what the other wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from support.cluster import Cluster
from support.flux_v1 import FluxV1
from support.fluxctl import Fluxctl
from support.fluxd import Fluxd
from support.git import GitRepo
from support.image_scan import SCANNING
from support.manifests import deployment, namespace
from support.memcached import Memcached
from support.registry import Registry
from support.wait import stays, until

TAGS = ["1.3.0", "1.2.0", "1.1.0", "1.0.0", "0.9.0"]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """With images that Flux v1 knows, too: it does not know those of the Open Container Initiative."""
    registry = Registry(tmp_path / "registry")
    registry.push_schema1("app", "0.9.0", "2015-03-01T10:00:00Z")
    for day, tag in enumerate(["1.0.0", "1.1.0", "1.2.0"], start=1):
        registry.push("app", tag, f"2020-03-{day:02}T10:00:00Z")
    labels = {"org.opencontainers.image.created": "2020-04-01T10:00:00Z"}
    registry.push("app", "1.3.0", "2020-03-04T10:00:00Z", config={"Labels": labels})
    yield registry
    registry.stop()


class Site:
    """One Deployment, which either daemon scans. Both have the same flags."""

    def __init__(
        self, cluster: Cluster, repo: GitRepo, ns: str, registry: Registry, flux_v1: FluxV1, make_fluxd, folder: Path
    ) -> None:
        self.ns, self.registry, self.v1 = ns, registry, flux_v1
        self._cluster, self._repo, self._make_fluxd, self._folder = cluster, repo, make_fluxd, folder
        self.name = registry.image("app")
        files = {"namespace.yaml": namespace(ns), "app.yaml": deployment(ns, "app", f"{self.name}:1.1.0")}
        repo.commit(files)
        for text in files.values():  # what runs when a daemon starts is scanned at once
            cluster.kube.apply(yaml.safe_load(text))
        insecure = f"--registry-insecure-host={registry.host}"
        self.flags = [SCANNING, insecure, f"--k8s-allow-namespace={ns}", "--sync-interval=1h"]

    def start_ours(self, *more: str) -> Fluxd:
        fluxd = self._make_fluxd(self._repo, *self.flags, *more).start()
        fluxd.follows(self._repo)
        return fluxd

    def start_v1(self, *more: str) -> None:
        self.v1.start(*self.flags, *more)
        until("Flux v1 has synced", lambda: self._repo.marker == self._repo.head)

    def fluxctls(self, url: str) -> list[Fluxctl]:
        """Ours and the released one, for the daemon of that API."""
        return [make(self._folder, self._cluster.kubeconfig, url) for make in (Fluxctl.ours, Fluxctl.released)]

    def images(self, url: str) -> list[dict]:
        """What is known of those that the daemon lists."""
        listed = json.loads(self.fluxctls(url)[0]("list-images", "-w", f"{self.ns}:deployment/app", "-o", "json"))
        available = listed[0]["Containers"][0].get("Available") or []
        # When it was fetched is no news; what else there is has to be the same.
        return [{key: value for key, value in each.items() if key != "LastFetched"} for each in available]

    def tags(self, url: str) -> list[str]:
        return [each["ID"].rpartition(":")[2] for each in self.images(url) if "CreatedAt" in each]


@pytest.fixture
def site(
    cluster: Cluster, repo: GitRepo, ns: str, registry: Registry, flux_v1: FluxV1, make_fluxd, tmp_path: Path
) -> Site:
    return Site(cluster, repo, ns, registry, flux_v1, make_fluxd, tmp_path)


def _url(fluxd: Fluxd) -> str:
    return f"http://127.0.0.1:{fluxd.port}/api/flux"


@pytest.mark.real
@pytest.mark.seconds(1900)
def test_ours_knows_at_once_what_flux_v1_wrote(site: Site, memcached: Memcached) -> None:
    site.start_v1(*memcached.flags)
    until("Flux v1 knows all", lambda: site.tags(site.v1.url) == TAGS, 120)
    theirs = site.images(site.v1.url)
    site.v1.stop()
    asked, lists = site.registry.requests("/manifests/"), site.registry.requests("/tags/list")
    ours = site.start_ours(*memcached.flags)
    assert site.images(_url(ours)) == theirs
    until("the list is asked for again", lambda: site.registry.requests("/tags/list") > lists, 90)
    stays("no manifest is asked for", lambda: site.registry.requests("/manifests/") == asked, 3)
    assert site.images(_url(ours)) == theirs


@pytest.mark.real
@pytest.mark.seconds(1900)
def test_flux_v1_knows_at_once_what_ours_wrote(site: Site, memcached: Memcached) -> None:
    ours = site.start_ours(*memcached.flags)
    until("ours knows all", lambda: site.tags(_url(ours)) == TAGS)
    own = site.images(_url(ours))
    until("it is written", lambda: b'"0.9.0"' in (memcached.get(f"registryrepov4|{site.name}") or b""))
    ours.stop()
    asked, lists = site.registry.requests("/manifests/"), site.registry.requests("/tags/list")
    site.start_v1(*memcached.flags)
    assert site.images(site.v1.url) == own
    until("the list is asked for again", lambda: site.registry.requests("/tags/list") > lists, 90)
    stays("no manifest is asked for", lambda: site.registry.requests("/manifests/") == asked, 3)
    assert site.images(site.v1.url) == own


@pytest.mark.real
@pytest.mark.seconds(1900)
def test_both_show_the_same_beside_each_other(site: Site, memcached: Memcached) -> None:
    ours = site.start_ours(*memcached.flags)
    site.start_v1(*memcached.flags)
    for url in (_url(ours), site.v1.url):
        until("all is known", lambda url=url: site.tags(url) == TAGS, 120)
    words = (["list-images", "-w", f"{site.ns}:deployment/app"], ["list-images", "-n", site.ns, "--limit=2"])
    for each in words:
        printed = {fluxctl(*each) for url in (_url(ours), site.v1.url) for fluxctl in site.fluxctls(url)}
        assert len(printed) == 1, printed
    site.registry.push("app", "1.4.0", "2020-03-05T10:00:00Z")
    change = {"Kind": "image", "Source": {"Name": {"Domain": site.registry.host, "Image": "app"}}}
    assert ours.request("POST", "/api/flux/v11/notify", change)[0] == 202
    wanted = ["1.4.0", *TAGS]
    for url in (_url(ours), site.v1.url):
        until("both know what one of them has found", lambda url=url: site.tags(url) == wanted, 30)
    assert ours.errors() == [] and site.v1.errors() == []
