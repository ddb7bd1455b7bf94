"""A registry that takes bearer tokens of a token service, both behind TLS of a private authority."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.certificates import Authority
from support.cluster import Cluster
from support.git import GitRepo
from support.image_scan import SCANNING, ImageScan
from support.private_registry import BASIC, PASSWORD
from support.registry import PROGRAMS, Registry
from support.token_server import IDENTITY, TokenServer
from support.wait import until


class Secrets(list):
    """Secrets that are looked for at the end, with all tokens that there are by then."""

    def __init__(self, secrets: list[str], tokens: TokenServer) -> None:
        super().__init__(secrets)
        self._tokens = tokens

    def __iter__(self) -> Iterator[str]:
        yield from [*super().__iter__(), *self._tokens.told]


@pytest.fixture
def tokens(tmp_path: Path, authority: Authority) -> Iterator[TokenServer]:
    tokens = TokenServer(tmp_path / "tokens", authority)
    yield tokens
    tokens.stop()


@pytest.fixture(params=PROGRAMS)
def registry(
    request: pytest.FixtureRequest, tmp_path: Path, authority: Authority, tokens: TokenServer
) -> Iterator[Registry]:
    registry = Registry(tmp_path / "registry", PROGRAMS[request.param](), auth=tokens.auth, tls=authority)
    registry.authorization = "Bearer " + tokens.token("repository:team/app:pull,push")
    registry.push("team/app", "1.0.0", "2026-01-01T00:00:00Z")
    registry.push("team/app", "1.1.0", "2026-01-02T00:00:00Z")
    yield registry
    registry.stop()


@pytest.fixture
def scan(
    cluster: Cluster,
    repo: GitRepo,
    ns: str,
    make_fluxd,
    authority: Authority,
    tokens: TokenServer,
    registry: Registry,
    tmp_path: Path,
) -> Callable[..., ImageScan]:
    """scan(entry, trusts=...) runs a daemon whose docker config has that entry for the registry."""

    def run(entry: dict[str, str], trusts: bool = True) -> ImageScan:
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"auths": {registry.host: entry}}))
        fluxd = make_fluxd(repo, SCANNING, f"--docker-config={config}")
        fluxd.secrets = Secrets([*fluxd.secrets, PASSWORD, BASIC, IDENTITY], tokens)
        if trusts:
            fluxd.environment["SSL_CERT_FILE"] = str(authority.certificate)
        return ImageScan(cluster, repo, ns, fluxd, tmp_path, {"app": f"{registry.host}/team/app:1.0.0"})

    return run


@pytest.mark.parametrize("entry", [{"auth": BASIC}, {"identitytoken": IDENTITY}], ids=["password", "identity token"])
def test_images_behind_a_token_service(entry: dict[str, str], scan, tokens: TokenServer) -> None:
    running = scan(entry)
    until("the images are listed", lambda: running.tags() == ["1.1.0", "1.0.0"])
    asked = [each for each in tokens.asked if each.startswith("POST" if "identitytoken" in entry else "GET")]
    assert asked == tokens.asked and asked


def test_a_token_that_has_expired_is_fetched_again(scan, tokens: TokenServer, registry: Registry) -> None:
    running = scan({"auth": BASIC})
    until("the images are listed", lambda: running.tags() == ["1.1.0", "1.0.0"])
    registry.push("team/app", "1.2.0", "2026-01-03T00:00:00Z")
    before = len(tokens.asked)
    tokens.stale = 1
    running.tell()
    until("the new image is listed", lambda: running.tags()[0] == "1.2.0")
    assert tokens.stale == 0 and len(tokens.asked) >= before + 2
    assert running.is_well() and not running.fluxd.lines("err=.*status 401")


def test_whoever_has_no_password_is_told_who_asked_whom(scan, tokens: TokenServer, registry: Registry) -> None:
    running = scan({"auth": "cm9iOndyMG5nLXB3"})
    asked = f"asking {tokens.host}, the token service of https://{registry.host}, for a token as rob "
    line = running.fluxd.says(f"err=.*{asked}.*status 401, UNAUTHORIZED: who are you")
    assert "Check the credentials from" in line
    assert running.tags() == []


def test_an_authority_that_nobody_trusts_is_told_with_what_to_do(scan, registry: Registry) -> None:
    running = scan({"auth": BASIC}, trusts=False)
    line = running.fluxd.says(f"err=.*https://{registry.host}/v2/.*certificate")
    assert "SSL_CERT_FILE" in line, line
    assert "SSL_CERT_FILE" in running.fluxctl("status")
