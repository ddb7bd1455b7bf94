"""A token service, as registries send their users to: it signs what a registry takes as proof."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .certificates import Authority
from .http_body import read_body
from .private_registry import BASIC
from .signing import openssl, url64

SERVICE = "tests"
IDENTITY = "1dentity-t0ken-of-rob"


class TokenServer:
    """Over https, for the user of the private registry, by password or by identity token. `auth` configures a registry
    to believe it. The next `stale` tokens have expired already. `told` are the tokens it gave, which are secrets."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key, self._certificate = folder / "token.key", folder / "token.crt"
        files = ["-keyout", str(self._key), "-out", str(self._certificate)]
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=tokens", *files)
        self.stale = 0
        self.told: list[str] = []
        self.asked: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.outer = self
        # The handshake is done by the connection's thread: one that never speaks must not stop the others.
        self._server.socket = authority.server().wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def auth(self) -> dict[str, Any]:
        realm = f"https://{self.host}/token"
        told = {"realm": realm, "service": SERVICE, "issuer": SERVICE, "rootcertbundle": str(self._certificate)}
        return {"token": told}

    def token(self, *scopes: str, age: int = 0) -> str:
        """For an hour, which began `age` seconds ago."""
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        began = int(time.time()) - age
        der = openssl("x509", "-in", str(self._certificate), "-outform", "DER")
        head = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
        claims = {"iss": SERVICE, "sub": "rob", "aud": SERVICE, "jti": str(len(self.told)), "access": access}
        claims |= {"iat": began, "nbf": began - 5, "exp": began + 3600}
        text = ".".join(url64(json.dumps(part).encode()) for part in (head, claims))
        signed = openssl("dgst", "-sha256", "-sign", str(self._key), given=text.encode())
        self.told.append(f"{text}.{url64(signed)}")
        return self.told[-1]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    outer: TokenServer

    def handle_error(self, *_: object) -> None: ...


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None: ...

    def _handle(self) -> None:
        outer = self.server.outer
        body = read_body(self).decode()
        outer.asked.append(f"{self.command} {self.path}")
        asked = parse_qs(body or urlsplit(self.path).query)
        known = self.headers.get("Authorization") == "Basic " + BASIC or asked.get("refresh_token") == [IDENTITY]
        if not known or asked.get("service") != [SERVICE]:
            answer = {"errors": [{"code": "UNAUTHORIZED", "message": "who are you?"}]}
            return self._answer(401, answer)
        age = 0
        if outer.stale > 0:
            outer.stale, age = outer.stale - 1, 7200
        token = outer.token(*asked.get("scope", []), age=age)
        self._answer(200, {"access_token" if body else "token": token, "expires_in": 3600})

    def _answer(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _handle
