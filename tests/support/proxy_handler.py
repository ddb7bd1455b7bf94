"""One connection of the fault proxy: reads requests, misbehaves or forwards them, streams the answers."""

from __future__ import annotations

import http.client
import json
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from .http_body import read_body

if TYPE_CHECKING:
    from .fault_proxy import FaultProxy, ProxyServer, Request

TOKEN = "proxy-token-c0ffee"  # the credential of the proxy's users; the proxy has the real one


def _status(code: int, message: str) -> bytes:
    reason = {409: "Conflict", 410: "Expired", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable"}
    return json.dumps(
        {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
        | {"reason": reason.get(code, "Unknown"), "code": code}
    ).encode()


class ProxyHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ProxyServer
    _upstream: http.client.HTTPConnection | None = None

    @property
    def _proxy(self) -> FaultProxy:
        return self.server.proxy

    def log_message(self, *_: object) -> None: ...

    def setup(self) -> None:
        self.request.settimeout(60)
        super().setup()
        self._proxy.opened(self.request)

    def finish(self) -> None:
        self._proxy.closed(self.request)
        if self._upstream:
            self._proxy.closed(self._upstream.sock)
            self._upstream.close()
        try:
            super().finish()
        except OSError:
            pass

    def _handle(self) -> None:
        body = read_body(self)
        record, fault = self._proxy.take(self.command, self.path)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            record.status = 401
            self._answer(401, _status(401, "the credential is wrong or missing"), {})
            return
        if fault and fault.delay:
            self._proxy.ended.wait(fault.delay)
        if fault and fault.hang:
            self._proxy.hold(fault)
            self.close_connection = True
        elif fault and fault.flood:
            record.status = fault.status or 200
            self._flood(record.status, fault.flood)
        elif fault and fault.status:
            record.status = fault.status
            self._answer(fault.status, _status(fault.status, fault.message), fault.headers)
        elif fault and fault.expired:
            event = {"type": "ERROR", "object": json.loads(_status(410, "too old resource version"))}
            self._answer(200, json.dumps(event).encode() + b"\n", {})
        else:
            self._forward(body, record, fault.cut if fault else None)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _flood(self, status: int, size: int) -> None:
        piece = b'"' + b"x" * ((1 << 20) - 1)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(0, size, len(piece)):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _ask(self, body: bytes) -> http.client.HTTPResponse:
        skipped = ("host", "authorization", "connection", "transfer-encoding", "content-length", "expect")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in skipped}
        headers |= self._proxy.target.headers
        for again in (True, False):
            self._upstream = self._upstream or self._proxy.target.connect(None)
            try:
                self._upstream.request(self.command, self.path, body or None, headers)
                self._proxy.opened(self._upstream.sock)
                return self._upstream.getresponse()
            except (http.client.HTTPException, OSError):
                self._upstream.close()
                self._upstream = None
                if not again:
                    raise
        raise AssertionError("not reached")

    def _forward(self, body: bytes, record: Request, cut: int | None) -> None:
        self._proxy.watching(self.request, record.is_watch)
        response = self._ask(body)
        record.status = response.status
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                self.send_header(name, value)
        if cut is None and response.length is not None:
            content = response.read()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._stream(response, cut)

    def _stream(self, response: http.client.HTTPResponse, cut: int | None) -> None:
        sent = 0
        while piece := response.read1(65536):
            self._proxy.wait_while_muted(self.request)
            piece = piece if cut is None else piece[: cut - sent]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            sent += len(piece)
            if cut is not None and sent >= cut:
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle
