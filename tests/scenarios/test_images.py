"""Images of a real registry: what list-images shows of what runs, as a new user would try it."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cluster import Cluster
from support.fluxctl import Fluxctl
from support.fluxd import OFTEN
from support.git import GitRepo
from support.manifests import deployment, namespace
from support.memcached import Memcached
from support.registry import PROGRAMS, Registry
from support.wait import until

SCANNING = "--registry-disable-scanning=false"

on_both_registries = pytest.mark.parametrize("registry", PROGRAMS, indirect=True)


@pytest.fixture
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    registry = Registry(tmp_path / "registry", PROGRAMS[getattr(request, "param", "debian")]())
    yield registry
    registry.stop()


class Site:
    """One Deployment with an image of the registry, and a daemon that scans it."""

    def __init__(self, cluster: Cluster, repo: GitRepo, ns: str, start, registry: Registry, folder: Path) -> None:
        self.ns, self.registry, self.workload = ns, registry, f"{ns}:deployment/podinfo"
        self.repo = repo
        self.write("3.1.0")
        # A real control plane has images of other tests, too.
        own = f"--k8s-allow-namespace={ns}"
        self.fluxd = start(repo, SCANNING, own, f"--registry-insecure-host={registry.host}")
        self.fluxd.follows(repo)
        url = f"http://127.0.0.1:{self.fluxd.port}/api/flux"
        self.ours = Fluxctl.ours(folder, cluster.kubeconfig, url)
        self.folder, self.kubeconfig, self.url = folder, cluster.kubeconfig, url

    def write(self, tag: str, pattern: str = "") -> None:
        text = deployment(self.ns, "podinfo", self.registry.image(f"demo/podinfo:{tag}"))
        if pattern:
            text = text.replace("  name: podinfo\nspec", f"  name: podinfo\n  annotations:\n    fluxcd.io/tag.web: {pattern}\nspec")
            assert "fluxcd.io/tag.web" in text
        self.repo.commit({"namespace.yaml": namespace(self.ns), "podinfo.yaml": text})

    def container(self) -> dict:
        listed = json.loads(self.ours("list-images", "-w", self.workload, "-o", "json"))
        return listed[0]["Containers"][0]

    def until_all_is_known(self, count: int = 3) -> None:
        def known() -> bool:
            available = self.container().get("Available", [])
            return len(available) == count and all("CreatedAt" in each for each in available)

        until("all is known", known, every=0.1)

    def tell(self) -> None:
        """As a registry does that has a new image."""
        change = {"Kind": "image", "Source": {"Name": {"Domain": self.registry.host, "Image": "demo/podinfo"}}}
        assert self.fluxd.request("POST", "/api/flux/v11/notify", change)[0] == 202

    def tags(self) -> list[str]:
        return [info["ID"].rpartition(":")[2] for info in self.container().get("Available", [])]


@pytest.fixture
def site(cluster: Cluster, repo: GitRepo, ns: str, start, registry: Registry, tmp_path: Path) -> Site:
    registry.push("demo/podinfo", "3.1.0", "2020-03-01T10:00:00Z")
    registry.push("demo/podinfo", "3.1.1", "2020-03-02T10:00:00Z", oci=True)
    registry.push_index("demo/podinfo", "3.2.0", "2020-03-03T10:00:00Z", "linux/arm64", "linux/amd64")
    registry.push_chart("demo/podinfo", "6.0.0")
    return Site(cluster, repo, ns, start, registry, tmp_path)


@on_both_registries
def test_lists_what_the_registry_has(site: Site) -> None:
    site.until_all_is_known()
    assert site.tags() == ["3.2.0", "3.1.1", "3.1.0"]
    container = site.container()
    assert container["Current"]["ID"] == site.registry.image("demo/podinfo:3.1.0")
    assert container["LatestFiltered"]["ID"] == site.registry.image("demo/podinfo:3.2.0")
    assert (container["AvailableImagesCount"], container["NewAvailableImagesCount"]) == (3, 2)

    rows = [line.split() for line in site.ours("list-images", "-w", site.workload).splitlines()]
    assert rows[:2] == [
        ["WORKLOAD", "CONTAINER", "IMAGE", "CREATED"],
        [site.workload, "web", site.registry.image("demo/podinfo")],
    ]
    assert [row[:2] for row in rows[2:]] == [["|", "3.2.0"], ["|", "3.1.1"], ["'->", "3.1.0"]]
    released = Fluxctl.released(site.folder, site.kubeconfig, site.url)
    assert site.ours("list-images", "-w", site.workload) == released("list-images", "-w", site.workload)
    assert site.fluxd.metric("flux_client_fetch_duration_seconds_count", kind="tags", success="true") >= 1


@on_both_registries
def test_a_new_image_is_seen_once_somebody_tells(site: Site) -> None:
    site.until_all_is_known()
    site.write("3.1.0", "semver:~3.1")
    site.fluxd.follows(site.repo)
    until("the filter counts", lambda: site.container()["LatestFiltered"]["ID"].endswith(":3.1.1"))
    before = site.registry.requests("/tags/list")
    site.registry.push("demo/podinfo", "3.1.2", "2020-03-04T10:00:00Z")
    site.tell()
    until("it is there", lambda: site.container()["LatestFiltered"]["ID"].endswith(":3.1.2"))
    assert site.registry.requests("/tags/list") == before + 1


@on_both_registries
def test_a_tag_without_a_manifest_keeps_nobody_waiting(site: Site) -> None:
    gone = site.registry.push("demo/podinfo", "3.3.0", "2020-03-05T10:00:00Z")
    site.registry.delete("demo/podinfo", gone)
    until("the others are known", lambda: {"3.2.0", "3.1.1", "3.1.0"} <= set(site.tags()))
    assert site.container()["LatestFiltered"]["ID"].endswith(":3.2.0")


def test_explains_the_choice(site: Site) -> None:
    site.write("3.1.0", "semver:~3.1")
    site.fluxd.follows(site.repo)
    site.until_all_is_known()

    def page() -> list[str]:
        return site.ours("explain", "deployment/podinfo", "-n", site.ns, "--all-tags").splitlines()

    until("the filter counts", lambda: "  3.1.1 should run." in page())
    lines = page()
    assert lines[:4] == [
        site.workload,
        "It is not automated: only a release updates it.",
        "",
        f"web: {site.registry.image('demo/podinfo:3.1.0')}",
    ]
    assert "  filter: semver:~3.1" in lines
    rows = {line.lstrip("* ").split()[0]: line for line in lines if line.startswith("  ") and ":" not in line[:12]}
    assert "2020-03-02  is the one to run" in rows["3.1.1"]
    assert "is older than the one to run" in rows["3.1.0"] and rows["3.1.0"].startswith("  * ")
    assert "does not match the filter" in rows["3.2.0"]
    assert "not an image (application/vnd.cncf.helm.config.v1+json)" in rows["6.0.0"]
    missing = site.ours.run("explain", "deployment/none", "-n", site.ns)
    assert missing.status == 1 and "has no workload" in missing.err


@on_both_registries
def test_status_tells_of_a_registry_that_fails_and_comes_back(site: Site) -> None:
    site.until_all_is_known()
    image = site.registry.image("demo/podinfo")

    def health() -> dict:
        (only,) = json.loads(site.ours("status", "-o", "json"))["images"]
        return only

    def shown(metric: str) -> float:
        return site.fluxd.metric(f"flux_registry_image_{metric}", image=image)

    well = health()
    assert (well["image"], well["credentials"], well["tags"], well["error"]) == (image, "anonymous", 4, "")
    assert well["lastSuccess"] and well["failingSince"] is None and well["failingTagCount"] == 0
    assert "Images:      1 scanned, all well" in site.ours("status").splitlines()
    assert image not in site.ours("status") and image in site.ours("status", "--images")
    succeeded = shown("last_success_timestamp_seconds")
    assert succeeded > 0 and shown("failing") == 0
    assert site.fluxd.metric("flux_registry_image_credentials_info", image=image, credentials="anonymous") == 1

    site.registry.stop()
    site.tell()
    until("the registry is missed", lambda: health()["error"])
    ill = health()
    assert ill["lastSuccess"] == well["lastSuccess"] and ill["failingSince"] >= well["lastSuccess"]
    assert shown("failing") == 1 and shown("last_success_timestamp_seconds") == succeeded
    assert shown("next_refresh_timestamp_seconds") > succeeded
    page = site.ours("status")
    assert "1 scanned, 1 of them not well" in page
    assert f"Images that are not well:\n  {image} (credentials: anonymous)\n    requesting tags: " in page
    assert "    since " in page and "next attempt: in " in page
    assert len(site.tags()) == 3  # what was known stays in use

    site.registry.start()
    site.tell()
    until("it is back", lambda: not health()["error"])
    assert shown("failing") == 0 and shown("last_success_timestamp_seconds") > succeeded
    assert "not well" not in site.ours("status")


def test_an_invalid_filter_is_told_of_until_it_is_put_right(site: Site) -> None:
    site.until_all_is_known()
    assert site.fluxd.metric("flux_daemon_invalid_filters") == 0
    site.write("3.1.0", "semver:~3.")
    site.fluxd.follows(site.repo)
    assert site.fluxd.metric("flux_daemon_invalid_filters") == 1
    said = "the filter of image tags is not valid"
    (line,) = site.fluxd.lines(said)
    for part in (site.workload, "podinfo.yaml", "container=web", "annotation=fluxcd.io/tag.web", "filter=semver:~3."):
        assert part in line, line

    listed = site.ours.run("list-workloads", "-n", site.ns)
    assert f"Warning: {site.workload}, container web: its filter semver:~3. is not valid" in listed.err
    released = Fluxctl.released(site.folder, site.kubeconfig, site.url)
    assert released("list-workloads", "-n", site.ns) == listed.out
    assert site.container()["LatestFiltered"]["ID"] == ""

    site.repo.commit({"other.yaml": namespace(f"{site.ns}-other")})
    site.fluxd.follows(site.repo)
    assert len(site.fluxd.lines(said)) == 1
    site.write("3.1.0", "semver:~3")
    site.fluxd.follows(site.repo)
    assert site.fluxd.metric("flux_daemon_invalid_filters") == 0
    assert site.ours.run("list-workloads", "-n", site.ns).err == ""
    assert len(site.fluxd.lines(said)) == 1


@on_both_registries
def test_all_tags_are_listed_on_request_with_what_they_are(site: Site) -> None:
    site.until_all_is_known()

    def rows() -> list[str]:
        return site.ours("list-images", "-w", site.workload, "--all-tags").splitlines()

    chart = "not an image (application/vnd.cncf.helm.config.v1+json)"
    until("the chart has been looked at", lambda: any("6.0.0" in row and chart in row for row in rows()))
    assert len(rows()) == 6
    assert "6.0.0" not in site.ours("list-images", "-w", site.workload)
    released = Fluxctl.released(site.folder, site.kubeconfig, site.url)
    assert site.ours("list-images", "-w", site.workload) == released("list-images", "-w", site.workload)


def restart(site: Site) -> None:
    """Kills the daemon and starts it again, on what it left behind."""
    site.fluxd.end(signal.SIGKILL)
    for left in site.fluxd.tmp.iterdir():
        shutil.rmtree(left)
    site.fluxd.start()


def asks_less_after_a_restart(site: Site) -> None:
    """A restart shows the same at once, and asks for less than two things: the list of tags, on its one image."""
    site.until_all_is_known()
    until("all is asked for", lambda: site.fluxd.lines("updated="))
    before = site.container()["Available"]
    asked, manifests = site.registry.requests(" /v2/demo"), site.registry.requests("/manifests/")
    restart(site)
    assert site.container()["Available"] == before
    until("the list is asked for again", lambda: site.registry.requests(" /v2/demo") > asked)
    site.fluxd.syncs_again(3)
    assert site.registry.requests(" /v2/demo") == asked + 1
    assert site.registry.requests("/manifests/") == manifests
    assert site.container()["Available"] == before
    assert site.fluxd.metric("flux_cache_request_duration_seconds_count", method="GetKey", success="true") >= 2
    assert site.fluxd.metric("flux_cache_request_duration_seconds_count", method="SetKey", success="true") >= 1


def test_a_restart_knows_all_images_at_once(site: Site) -> None:
    site.fluxd.flags.append(OFTEN)
    restart(site)  # which collects images at once, now that there is one
    asks_less_after_a_restart(site)
    assert (site.fluxd.home / ".cache" / "fluxd" / "images.db").exists()


def test_a_broken_cache_is_set_aside_and_scanned_anew(site: Site) -> None:
    restart(site)
    site.until_all_is_known()
    site.fluxd.end(signal.SIGKILL)
    for left in site.fluxd.tmp.iterdir():
        shutil.rmtree(left)
    cache = site.fluxd.home / ".cache" / "fluxd" / "images.db"
    cache.write_bytes(b"garbage" * 1000)
    Path(f"{cache}-wal").unlink()  # from which it would be mended
    site.fluxd.start()
    assert f"set_aside={cache}.broken" in site.fluxd.says("cannot be used; a new one is begun")
    site.until_all_is_known()
    assert Path(f"{cache}.broken").read_bytes() == b"garbage" * 1000


def test_memcached_is_used_when_it_is_named(site: Site, memcached: Memcached) -> None:
    site.fluxd.end()
    site.fluxd.flags += [*memcached.flags, OFTEN]
    site.fluxd.start()
    asks_less_after_a_restart(site)
    name = site.registry.image("demo/podinfo")
    value = memcached.get(f"registryrepov4|{name}")
    assert value is not None
    record = json.loads(value[4:])
    assert record["LastError"] == "" and {"3.1.0", "3.1.1", "3.2.0"} == set(record["Images"])
    assert json.loads((memcached.get(f"registryhistoryv3|{name}|3.1.0") or b"")[4:]) == record["Images"]["3.1.0"]


def test_a_memcached_that_dies_stops_nothing(site: Site, memcached: Memcached) -> None:
    site.fluxd.end()
    site.fluxd.flags += memcached.flags
    site.fluxd.start()
    site.until_all_is_known()
    memcached.stop()
    site.registry.push("demo/podinfo", "3.1.2", "2020-03-04T10:00:00Z")

    def told() -> bool:
        site.tell()
        return "3.1.2" in site.tags()

    until("the new image is known", told, every=1)
    site.fluxd.says("the image cache does not work")
    site.write("3.1.2")
    site.fluxd.follows(site.repo)
