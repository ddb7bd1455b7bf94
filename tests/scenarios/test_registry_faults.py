"""Registries that fail: whoever looks reads what, where and what to do, syncs stay on time, no credential gets about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import processes
from support.cluster import Cluster
from support.git import GitRepo
from support.image_scan import SCANNING, ImageScan
from support.private_registry import BASIC, PASSWORD, USER, PrivateRegistry
from support.registry_proxy import RegistryProxy
from support.wait import until

PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
GARBAGE = b"\x00\xff\x1f\x8b" * 50
BEGINS = r"\(text/html; charset=utf-8 that begins with <!DOCTYPE html>"
BROKE = "The connection broke before the answer was complete"
IN_ITS_PLACE = "Something else may have answered in the registry's place"
OUT_OF_ORDER = "is out of order. It is asked again by itself"
LIST = r"tags/list of {host}/team/app: "
FIRST = "1.0.0"
HOOK = "hook-s3cret-of-this-test"
AT_ONCE = 128 << 20  # bytes of memory for one answer, whatever it is; a fraction of what it would take


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[PrivateRegistry]:
    registry = PrivateRegistry(tmp_path / "registry")
    registry.push_tags("team/app", FIRST)
    yield registry
    registry.stop()


@pytest.fixture
def between(registry: PrivateRegistry) -> Iterator[RegistryProxy]:
    """What the daemon takes for the registry."""
    proxy = RegistryProxy(registry.host)
    yield proxy
    proxy.stop()


@pytest.fixture
def elsewhere(registry: PrivateRegistry) -> Iterator[RegistryProxy]:
    """Another host, which has the same and asks nobody for credentials."""
    proxy = RegistryProxy(registry.host, "127.0.0.2", registry.authorization)
    yield proxy
    proxy.stop()
    for request in proxy.requests:
        assert "Authorization" not in request.headers, f"credentials went elsewhere: {request}"
        assert PASSWORD not in str(request) and BASIC not in str(request)


@pytest.fixture
def scan(
    cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, between: RegistryProxy, tmp_path: Path
) -> ImageScan:
    """A daemon that has the credentials of the registry, and has scanned its image."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"auths": {between.host: {"auth": BASIC}}}))
    secret = tmp_path / "webhook-secret"
    secret.write_text(HOOK)
    flags = [SCANNING, f"--webhook-secret-file={secret}", f"--docker-config={config}", f"--registry-insecure-host={between.host}"]
    fluxd = make_fluxd(repo, *flags, "--registry-insecure-host=127.0.0.2")
    fluxd.secrets += [PASSWORD, BASIC, HOOK]
    scan = ImageScan(cluster, repo, ns, fluxd, tmp_path, {"app": f"{between.host}/team/app:{FIRST}"})
    until("the image is known", lambda: scan.tags() == [FIRST])
    return scan


def _listing_fails_until_mended(scan: ImageScan, between: RegistryProxy, message: str, help_: str, **fault: Any) -> None:
    """The list of tags fails by that; once it does not, all is well, with what was pushed meanwhile."""
    mark = scan.fluxd.mark()
    between.inject(**fault)
    scan.tell()
    message = message.replace("{host}", between.host)
    line = scan.fluxd.says(rf'image={between.host}/team/app err=".*{message}', mark)
    assert help_ in line, line
    page = scan.fluxctl("status")
    assert "1 scanned, 1 of them not well" in page and f"{between.host}/team/app" in page and help_ in page
    error = scan.health()["error"]
    assert scan.explained()["lastError"] == error and error.startswith("requesting tags: "), error
    assert scan.fluxd.metrics()  # where no credential may be either, which is looked at in the end
    scan.commit_arrives()
    assert scan.tags() == [FIRST], "what was known stays known"
    between.recover()
    scan.tell()
    until("all is well", scan.is_well)


BROKEN = r"GET http://{host}/v2/team/app/tags/list: .*reset"
CIRCLE = {"status": 302, "headers": {"Location": "/v2/team/app/tags/list"}}
REFUSED = {"status": 401, "headers": {"WWW-Authenticate": "Basic"}}


@pytest.mark.parametrize(
    ("message", "help_", "fault"),
    [
        (LIST + "status 401", "Check the credentials from", REFUSED),
        (LIST + "status 502, with text/html", OUT_OF_ORDER, {"status": 502, "headers": HTML, "body": PAGE}),
        (LIST + "the answer is not JSON " + BEGINS, IN_ITS_PLACE, {"status": 200, "headers": HTML, "body": PAGE}),
        (LIST + r"the answer is not JSON \(.* that is no text\)", IN_ITS_PLACE, {"status": 200, "body": GARBAGE}),
        (r"GET http://{host}/v2/team/app/tags/list: transfer closed", BROKE, {"cut": 9}),
        (BROKEN, BROKE, {"end": "reset"}),
        (BROKEN, BROKE, {"end": "reset", "where": "head"}),
        (BROKEN, BROKE, {"end": "reset", "where": "body"}),
        ("stopped after 5 redirects", "in a circle", CIRCLE),
    ],
    ids=["401", "502", "a page to log in", "garbage", "cut short", "reset", "reset in head", "reset in body", "a circle"],
)
def test_the_list_of_tags_fails(
    message: str, help_: str, fault: dict[str, Any], scan: ImageScan, between: RegistryProxy
) -> None:
    _listing_fails_until_mended(scan, between, message, help_, path="/v2/", **fault)


def test_a_page_of_the_list_is_cut_short(scan: ImageScan, between: RegistryProxy) -> None:
    """What came before it is no list: without the rest an old image would be the newest."""
    onward = {"Link": '</v2/team/app/tags/list?last=0.9.0>; rel="next"'}
    second = {"path": "last=0.9.0", "status": 200, "body": b'{"tags":["1.0.0"]}', "cut": 9}
    between.inject(**second)
    first = {"path": "/tags/list", "status": 200, "headers": onward, "body": b'{"tags":["0.9.0"]}'}
    _listing_fails_until_mended(scan, between, "/tags/list: transfer closed", BROKE, **first)


def test_connections_are_reset_at_once(scan: ImageScan, between: RegistryProxy) -> None:
    """Also the one that is open already."""
    between.connections = "reset"
    _listing_fails_until_mended(scan, between, "GET https?://{host}/v2/", "", path="", end="reset")


def test_a_registry_that_repeats_our_credentials(scan: ImageScan, between: RegistryProxy, registry: PrivateRegistry) -> None:
    words = f"no Basic {BASIC} for {USER} with {PASSWORD}"
    body = json.dumps({"errors": [{"code": "DENIED", "message": words}]}).encode()
    said = f"status 403, DENIED: no Basic <redacted> for {USER} with <redacted>"
    _listing_fails_until_mended(scan, between, said, "Check the credentials from", path="/v2/", status=403, body=body)
    page = b"<html>" + BASIC.encode()
    answer = {"status": 200, "headers": HTML, "body": page}
    _listing_fails_until_mended(scan, between, "begins with <html><redacted>", "", path="/v2/", **answer)


A_PAGE = {"status": 200, "headers": HTML, "body": PAGE}
HUGE = {"status": 200, "body": b"[],", "flood": 300 << 20}
MANY_VALUES = {"status": 200, "body": b"[" + b"[]," * 2_600_000 + b"1]"}


@pytest.mark.parametrize(
    ("message", "path", "fault"),
    [
        ("manifests/2.0.0 of .*/team/app: the answer is not JSON " + BEGINS, "/manifests/", A_PAGE),
        ("blobs/sha256:.* of .*/team/app: the answer is not JSON", "/blobs/", A_PAGE),
        ("manifests/2.0.0: transfer closed", "/manifests/", {"cut": 100}),
        ("manifests/2.0.0: .*reset", "/manifests/", {"end": "reset", "where": "body"}),
        ("manifests/2.0.0: the answer is longer than 8388608 bytes", "/manifests/", HUGE),
        ("/team/app: the answer has more than 100000 values", "/manifests/", MANY_VALUES),
    ],
    ids=["a page to log in", "a page in place of a config", "cut short", "reset", "huge", "huge in memory"],
)
def test_one_tag_fails(
    message: str, path: str, fault: dict[str, Any], scan: ImageScan, between: RegistryProxy, registry: PrivateRegistry
) -> None:
    pid = scan.fluxd.process.pid
    before = processes.memory(pid)
    processes.forget_peak(pid)
    between.inject(path, **fault)
    registry.push("team/app", "2.0.0", "2026-02-01T00:00:00Z")
    scan.tell()
    line = scan.fluxd.says(rf"image={between.host}/team/app tag=2\.0\.0 err=.*{message}")
    assert "help=" in line
    page = scan.fluxctl("status")
    assert f"{between.host}/team/app" in page and "2.0.0" in page and "1 of them not well" in page
    verdicts = {each["tag"]: each for each in scan.explained()["tags"]}
    assert verdicts["2.0.0"]["reason"].startswith("could not be looked at: "), verdicts
    assert re.search(message, verdicts["2.0.0"]["reason"]), verdicts
    scan.commit_arrives()
    assert processes.memory(pid, "VmHWM") < before + AT_ONCE
    between.recover()
    scan.tell_of("2.0.0", HOOK)
    until("all is well", lambda: scan.is_well() and "2.0.0" in scan.tags())


@pytest.mark.parametrize("values", [False, True], ids=["long", "of many values"])
def test_a_huge_list_of_tags(values: bool, scan: ImageScan, between: RegistryProxy) -> None:
    pid = scan.fluxd.process.pid
    before = processes.memory(pid)
    processes.forget_peak(pid)
    if values:
        body = b'{"tags":[' + b"[]," * (10 << 20) + b"1]}"
        said, fault = LIST + "the answer has more than 1000000 values", {"body": body}
    else:
        said, fault = "/tags/list: the answer is longer than 33554432 bytes", {"body": b'"aaaa",', "flood": 300 << 20}
    _listing_fails_until_mended(scan, between, said, "", path="/tags/", status=200, **fault)
    assert processes.memory(pid, "VmHWM") < before + AT_ONCE


def test_a_redirect_takes_no_credentials_along(
    scan: ImageScan, between: RegistryProxy, elsewhere: RegistryProxy, registry: PrivateRegistry
) -> None:
    """As registries do that keep their blobs with a cloud."""
    registry.push("team/app", "2.0.0", "2026-02-01T00:00:00Z")
    digests = [each.path for each in between.requests if "/blobs/" in each.path]
    between.inject("/blobs/", status=307, headers={"Location": f"http://{elsewhere.host}{digests[0]}"})
    scan.tell_of("2.0.0", HOOK)
    until("the image is known", lambda: "2.0.0" in scan.tags())
    assert [each.path for each in elsewhere.requests] == [digests[0]]


def test_a_foreign_token_service_gets_no_credentials(
    scan: ImageScan, between: RegistryProxy, elsewhere: RegistryProxy
) -> None:
    realm = f'Bearer realm="http://{elsewhere.host}/token",service="registry"'
    challenge = {"path": "/v2/", "status": 401, "headers": {"WWW-Authenticate": realm}}
    advice = "--registry-auth-host"
    kept = f"the credentials from .* did not go to the token service {elsewhere.host}"
    _listing_fails_until_mended(scan, between, f"status 404.*{kept}", advice, **challenge)
    assert elsewhere.requests
    elsewhere.inject("/token", end="reset")
    _listing_fails_until_mended(scan, between, f"asking {elsewhere.host}.*reset.*{kept}", advice, **challenge)
    elsewhere.recover()
    elsewhere.inject("/token", status=200, body=b'{"token":"nobody"}')  # which the registry does not take
    _listing_fails_until_mended(scan, between, f"status 401.*{kept}", advice, **challenge)
