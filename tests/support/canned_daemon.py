"""A daemon for clients: it answers as it was told to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .http_body import read_body

REVISION = "0123456789abcdef0123456789abcdef01234567"


def update(container: str, current: str, target: str) -> dict[str, str]:
    return {"Container": container, "Current": current, "Target": target}


def row(status: str, error: str = "", *updates: dict[str, str]) -> dict[str, Any]:
    return {"Status": status, **({"Error": error} if error else {}), "PerContainer": list(updates) or None}


def job(result: dict[str, Any] | None = None, revision: str = "", error: str = "") -> dict[str, Any]:
    """The state of one that has ended; empty fields are left out, as fluxd does."""
    inner = {"revision": revision, "result": result}
    state = "failed" if error else "succeeded"
    return {"Result": {name: value for name, value in inner.items() if value}, "Err": error, "StatusString": state}


class CannedDaemon:
    """Every update becomes job `j`. Of `jobs` and `services` each answer is given once, and the last one from then on."""

    def __init__(self, jobs: list[dict[str, Any]], services: list[Any] | None = None, pending: list[str] | None = None) -> None:
        self._answers = {"update-manifests": ["j"], "jobs": jobs, "services": services or [[]], "sync": [pending or []]}
        self.requests: list[str] = []
        daemon = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = read_body(self).decode()
                daemon._remember(f"{self.command} {self.path} {body}".strip())
                answers = daemon._answers.get(self.path.partition("?")[0].rpartition("/")[2])
                said = json.dumps(answers.pop(0) if answers and len(answers) > 1 else answers[0] if answers else None).encode()
                self.send_response(200 if answers else 404)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/flux"
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def _remember(self, request: str) -> None:
        # How often a client looks is its own business.
        if self.requests[-1:] != [request]:
            self.requests.append(request)

    def __enter__(self) -> CannedDaemon:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
