"""Releases and policies: what fluxd writes to git, and what becomes of it in the cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.cluster import Cluster
from support.fluxctl import Fluxctl
from support.fluxd import Fluxd
from support.git import GitRepo
from support.manifests import deployment, namespace
from support.registry import Registry
from support.wait import until


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    registry = Registry(tmp_path / "registry")
    for number, tag in enumerate(("1.0", "1.1", "2.0"), start=1):
        registry.push("team/app", tag, f"2020-03-0{number}T10:00:00Z")
    yield registry
    registry.stop()


class Site:
    """Two Deployments with an image of the registry, in one file, and a daemon that may write."""

    def __init__(self, cluster: Cluster, repo: GitRepo, ns: str, start: Any, registry: Registry) -> None:
        self.cluster, self.repo, self.ns, self.registry = cluster, repo, ns, registry
        self.image = registry.image("team/app")
        texts = [deployment(ns, name, f"{self.image}:1.0").strip("\n") for name in ("a", "b")]
        self.text = f"# Both of them.\n{texts[0]}\n---\n{texts[1]}  # not the newest"
        repo.commit({"namespace.yaml": namespace(ns), "apps.yaml": self.text})
        self.fluxd: Fluxd = start(
            repo, "--registry-disable-scanning=false", f"--registry-insecure-host={registry.host}", "--git-user=Weave Flux"
        )
        self.fluxd.follows(repo)
        until("the images are known", lambda: len(self.known("a")) == 3, every=0.1)

    def id(self, name: str) -> str:
        return f"{self.ns}:deployment/{name}"

    def known(self, name: str) -> list[str]:
        status, text = self.fluxd.request("GET", f"/api/flux/v6/images?service={self.id(name)}")
        containers = json.loads(text)[0]["Containers"] if status == 200 and json.loads(text) else []
        return [each["ID"] for each in (containers[0].get("Available") or []) if "CreatedAt" in each] if containers else []

    def update(self, kind: str, spec: Any, user: str = "", message: str = "") -> dict[str, Any]:
        """The status of the job once it has ended."""
        body = {"type": kind, "cause": {"Message": message, "User": user}, "spec": spec}
        status, text = self.fluxd.request("POST", "/api/flux/v9/update-manifests", body)
        assert status == 200, text
        job = json.loads(text)

        def ended() -> dict[str, Any] | None:
            told: dict[str, Any] = json.loads(self.fluxd.request("GET", f"/api/flux/v6/jobs?id={job}")[1])
            return told if told["StatusString"] in ("succeeded", "failed") else None

        until("the job has ended", ended)
        return ended() or {}

    def release(self, image: str, *names: str, kind: str = "execute", force: bool = False) -> dict[str, Any]:
        workloads = [self.id(name) for name in names] or ["<all>"]
        spec = {"ServiceSpecs": workloads, "ImageSpec": image, "Kind": kind, "Excludes": [], "Force": force}
        return self.update("image", spec)

    def statuses(self, job: dict[str, Any]) -> dict[str, str]:
        results = job["Result"].get("result") or {}
        return {id.rpartition("/")[2]: " ".join(filter(None, (one["Status"], one.get("Error", "")))) for id, one in results.items()}

    def fetched(self) -> str:
        """What is on the server."""
        return self.repo.remote("show", f"{self.repo.branch}:apps.yaml")

    def message(self) -> str:
        return self.repo.remote("log", "-1", "--format=%B", self.repo.branch)

    def note(self) -> Any:
        return json.loads(self.repo.remote("notes", "--ref=flux", "show", self.repo.branch))


@pytest.fixture
def site(cluster: Cluster, repo: GitRepo, ns: str, start: Any, registry: Registry) -> Site:
    return Site(cluster, repo, ns, start, registry)


def test_a_release_changes_one_tag_and_nothing_else(site: Site) -> None:
    plan = site.release(f"{site.image}:1.1", "a", kind="plan")
    assert site.statuses(plan) == {"a": "success", "b": "ignored not included"}, plan
    assert site.fetched() == site.text, "a plan changes nothing"

    job = site.release(f"{site.image}:1.1", "a")
    assert job["StatusString"] == "succeeded", job
    assert site.fetched() == site.text.replace(":1.0", ":1.1", 1)
    assert site.message() == f"Release {site.image}:1.1 to {site.id('a')}"
    note = site.note()
    assert note["spec"]["type"] == "image" and note["result"][site.id("a")]["Status"] == "success"
    site.fluxd.says(f"new={job['Result']['revision']}")


def test_the_newest_of_all_in_one_commit(site: Site) -> None:
    job = site.release("<all latest>")
    assert site.statuses(job) == {"a": "success", "b": "success"}
    assert site.fetched() == site.text.replace(":1.0", ":2.0")
    assert site.message() == "Release all latest to all"
    again = site.release("<all latest>")
    assert again["StatusString"] == "failed" and "no changes made in repo" in again["Err"]
    assert set(site.statuses(again).values()) == {"skipped image(s) up to date"}


def test_what_is_locked_stays(site: Site) -> None:
    locked = site.update("policy", {site.id("a"): {"add": {"locked": "true", "locked_user": "ann"}, "remove": {}}}, user="ann")
    assert locked["StatusString"] == "succeeded" and site.statuses(locked) == {"a": "success"}
    assert "fluxcd.io/locked: \"true\"" in site.fetched() or "fluxcd.io/locked: 'true'" in site.fetched()
    assert site.note()["result"] is None
    assert site.message() == f"Updated workload policies\n\n- Locked: {site.id('a')}\n- Updated policies: {site.id('a')}"
    assert site.statuses(site.release("<all latest>"))["a"] == "skipped locked"
    unlocked = site.update("policy", {site.id("a"): {"add": {}, "remove": {"locked": "true", "locked_user": "ann"}}})
    assert site.statuses(unlocked) == {"a": "success"}
    first, _, rest = site.text.rpartition(":1.0")
    assert site.fetched() == f"{first}:2.0{rest}"


def test_automation_follows_what_is_pushed(site: Site) -> None:
    site.update("policy", {site.id("a"): {"add": {"automated": "true", "tag.web": "semver:~1"}, "remove": {}}})
    until("the newest that passes is released", lambda: ":1.1" in site.fetched())
    assert site.message() == f"Auto-release {site.image}:1.1"
    site.fluxd.says("added update to automation run")
    site.registry.push("team/app", "1.2", "2020-03-04T10:00:00Z")
    change = {"Kind": "image", "Source": {"Name": {"Domain": site.registry.host, "Image": "team/app"}}}
    assert site.fluxd.request("POST", "/api/flux/v11/notify", change)[0] == 202
    until("the new one is released", lambda: ":1.2" in site.fetched())
    assert site.fetched().count(":1.0") == 1, "the other one is not automated"


def test_somebody_else_pushes_meanwhile(site: Site) -> None:
    site.repo.commit({"theirs.yaml": "# theirs\n"})
    job = site.release(f"{site.image}:1.1", "a")
    assert job["StatusString"] == "succeeded", job
    assert site.repo.remote("show", f"{site.repo.branch}:theirs.yaml") == "# theirs"
    assert ":1.1" in site.fetched()


@pytest.mark.parametrize("released", [False, True], ids=["ours", "released"])
def test_the_tutorial_with_fluxctl(site: Site, released: bool, tmp_path: Path) -> None:
    """Automations, locks and annotations, as the documentation of Flux v1 has them."""
    make = Fluxctl.released if released else Fluxctl.ours
    fluxctl = make(tmp_path, site.cluster.kubeconfig, f"http://127.0.0.1:{site.fluxd.port}/api/flux")
    workload = site.id("a")

    printed = fluxctl.run("release", f"--workload={workload}", f"--update-image={site.image}:1.1", "--user=Ann", "-m", "Try it")
    assert printed.status == 0, printed.err
    rows = [line.split() for line in printed.out.splitlines() if line.startswith(site.ns)]
    assert rows == [[workload, "success", "web:", f"{site.image}:1.0", "->", "1.1"]]
    assert site.message() == "Try it" and site.note()["spec"]["cause"] == {"Message": "Try it", "User": "Ann"}

    printed = fluxctl.run("lock", f"--workload={workload}", "--user=Ann", "-m", "Not now")
    assert printed.status == 0, printed.err
    assert "Not now" in site.fetched()
    printed = fluxctl.run("release", f"--workload={workload}", "--update-all-images", "-v")
    assert printed.status == 1 and "no changes made in repo" in printed.err
    assert released or "locked" in printed.err
    assert fluxctl.run("unlock", f"--workload={workload}").status == 0
    assert site.fetched() == site.text.replace(":1.0", ":1.1", 1), "nothing is left of the lock"

    assert fluxctl.run("policy", f"--workload={workload}", "--tag=web=1.*", "--automate").status == 0
    site.registry.push("team/app", "1.9", "2020-03-09T10:00:00Z")
    change = {"Kind": "image", "Source": {"Name": {"Domain": site.registry.host, "Image": "team/app"}}}
    assert site.fluxd.request("POST", "/api/flux/v11/notify", change)[0] == 202
    until("the new one is released", lambda: ":1.9" in site.fetched())
    listed = [line.split() for line in fluxctl("list-workloads", "-n", site.ns).splitlines()]
    until("it is live", lambda: f"{site.image}:1.9" in fluxctl("list-workloads", "-n", site.ns))
    assert [row[-1] for row in listed if row[0] == workload] == ["automated"]
    assert fluxctl.run("deautomate", f"--workload={workload}").status == 0
    assert "automated" not in site.fetched()
