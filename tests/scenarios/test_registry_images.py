"""Images of every kind, on both registries: what list-images and explain show of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cluster import Cluster
from support.fluxctl import Fluxctl
from support.git import GitRepo
from support.image_scan import SCANNING, ImageScan
from support.registry import DEBIAN, PROGRAMS, Registry
from support.wait import until

BUILD_DATE = "org.label-schema.build-date"
CREATED = "org.opencontainers.image.created"


@pytest.fixture(params=PROGRAMS)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    registry = Registry(tmp_path / "registry", PROGRAMS[request.param]())
    yield registry
    registry.stop()


@pytest.fixture
def scan(cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, registry: Registry, tmp_path: Path):
    """scan(tag, flag...) runs a daemon that scans the image app, of which that tag runs."""

    def run(tag: str, *flags: str) -> ImageScan:
        fluxd = make_fluxd(repo, SCANNING, f"--registry-insecure-host={registry.host}", *flags)
        return ImageScan(cluster, repo, ns, fluxd, tmp_path, {"app": registry.image(f"app:{tag}")})

    return run


def _rows(running: ImageScan) -> list[list[str]]:
    """TAG and CREATED, as both fluxctls print them."""
    words = ("list-images", "-w", f"{running.ns}:deployment/app", "--limit=0")
    printed = running.fluxctl(*words)
    released = Fluxctl.released(running.folder, running.cluster.kubeconfig, running.url)
    assert released(*words) == printed
    return [line.strip().lstrip("|'->").split(maxsplit=1) for line in printed.splitlines()[2:]]


def test_every_kind_of_image(scan, registry: Registry) -> None:
    registry.push("app", "1.0.0", "2020-03-01T10:00:00Z")
    registry.push("app", "1.1.0", "2020-03-02T10:00:00Z", oci=True)
    registry.push_index("app", "1.2.0", "2020-03-03T10:00:00Z", "linux/amd64")  # attested
    registry.push_index("app", "1.3.0", "2020-03-04T10:00:00Z", "linux/arm64", "windows/amd64", "linux/amd64")
    registry.push_index("app", "1.4.0", "2020-03-05T10:00:00Z", "linux/arm64")
    registry.push_chart("app", "1.5.0")
    wanted = ["1.3.0", "1.2.0", "1.1.0", "1.0.0"]
    if registry.program == DEBIAN:
        registry.push_schema1("app", "0.9.0", "2015-03-01T10:00:00Z")
        wanted.append("0.9.0")
    running = scan("1.0.0")
    until("all are listed", lambda: running.tags() == wanted and running.is_well())
    days = ["04 Mar 20", "03 Mar 20", "02 Mar 20", "01 Mar 20", "01 Mar 15"]
    assert _rows(running) == [[tag, f"{day} 10:00 UTC"] for tag, day in zip(wanted, days)]
    shown = running.fluxctl("list-images", "-w", f"{running.ns}:deployment/app", "--all-tags")
    assert "no suitable manifest (linux amd64) in manifestlist" in shown
    assert "not an image (application/vnd.cncf.helm.config.v1+json)" in shown


def test_another_platform(scan, registry: Registry) -> None:
    registry.push_index("app", "1.0.0", "2020-03-01T10:00:00Z", "linux/arm64")
    registry.push_index("app", "1.1.0", "2020-03-02T10:00:00Z", "linux/amd64")
    running = scan("1.0.0", "--registry-platform=linux/arm64")
    until("the one that runs there is listed", lambda: running.tags() == ["1.0.0"] and running.is_well())


@pytest.mark.parametrize("used", [True, False], ids=["used", "not used"])
def test_times_in_labels(used: bool, scan, registry: Registry) -> None:
    """As those who build reproducibly have them: all images were created at one moment."""
    moment = "1970-01-01T00:00:00Z"
    registry.push("app", "new", moment, config={"Labels": {CREATED: "2020-03-09T10:00:00Z"}})
    registry.push("app", "old", moment, oci=True, config={"Labels": {BUILD_DATE: "2020-03-02T10:00:00Z"}})
    both = {BUILD_DATE: "2020-03-01T10:00:00Z", CREATED: "2020-03-05T10:00:00Z"}
    registry.push("app", "between", moment, config={"Labels": both})
    registry.push("app", "bad", "2020-03-04T10:00:00Z", config={"Labels": {CREATED: "yesterday"}})
    running = scan("old", *([f"--registry-use-labels={registry.host}/*"] if used else []))
    until("all are listed", lambda: len(running.tags()) == 4)
    wanted = ["new", "between", "bad", "old"] if used else ["bad", "between", "new", "old"]
    assert running.tags() == wanted
    assert (running.explained()["choice"], running.fluxd.says("yesterday") != "") == (wanted[0], True)
