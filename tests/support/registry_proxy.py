"""A proxy in front of a registry that remembers every request and misbehaves on demand, down to its connections."""

from __future__ import annotations

import http.client
import re
import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .http_body import read_body


@dataclass
class Fault:
    """What happens to requests whose path matches. With `status` they are answered here, by `body`, or by `flood` bytes
    that repeat `body`; else by the registry. `cut` ends an answer after so many bytes of its body though more were
    announced. `end` is "hang" or "reset", for what happens to the connection, and `where` when: before the answer, in its
    "head" or in its "body"."""

    path: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    flood: int = 0
    cut: int | None = None
    end: str = ""
    where: str = ""
    times: int | None = None
    hits: int = 0


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]


class RegistryProxy:
    """`connections` is "", "hang" or "reset": what becomes of each as soon as it is there. What goes to the registry has
    `authorization`, if that is given, in place of the client's."""

    def __init__(self, behind: str, address: str = "127.0.0.1", authorization: str = "") -> None:
        self.behind, self.authorization = behind, authorization
        self.requests: list[Request] = []
        self.connections = ""
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = _Server((address, 0), _Handler)
        self._server.proxy = self
        self.host = f"{address}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def inject(self, path: str = "", **what: object) -> Fault:
        fault = Fault(path, **what)  # type: ignore[arg-type]
        with self._lock:
            self._faults.append(fault)
        return fault

    def recover(self) -> None:
        """Ends all faults, and the connections that hang."""
        with self._lock:
            self._faults.clear()
        self.connections = ""
        self._released.set()
        self._released = threading.Event()

    def stop(self) -> None:
        self.recover()
        self._server.shutdown()
        self._server.server_close()

    # For the handler

    def take(self, request: Request) -> Fault:
        with self._lock:
            self.requests.append(request)
            for fault in self._faults:
                if re.search(fault.path, request.path) and (fault.times is None or fault.hits < fault.times):
                    fault.hits += 1
                    return fault
        return Fault("")

    def end(self, connection: socket.socket, how: str) -> None:
        if how == "hang":
            self._released.wait(120)
            connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(connection.detach())  # whoever else has a file of it


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    proxy: RegistryProxy

    def handle_error(self, *_: object) -> None: ...


class _Ended(Exception):
    """The connection is no more."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None: ...

    def setup(self) -> None:
        self.request.settimeout(150)
        super().setup()

    def handle(self) -> None:
        if how := self.server.proxy.connections:
            self.server.proxy.end(self.request, how)
            return
        try:
            super().handle()
        except (_Ended, OSError):
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            pass

    def _handle(self) -> None:
        body = read_body(self)
        fault = self.server.proxy.take(Request(self.command, self.path, dict(self.headers.items())))
        self._end(fault, "")
        if fault.status:
            self._answer(fault, fault.status, fault.headers, fault.body)
        else:
            self._answer(fault, *self._ask(body))

    def _end(self, fault: Fault, where: str) -> None:
        if fault.end and fault.where == where:
            self.wfile.flush()
            self.server.proxy.end(self.request, fault.end)
            raise _Ended

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        proxy = self.server.proxy
        skipped = ("host", "connection", "content-length", "transfer-encoding")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in skipped}
        if proxy.authorization:
            headers["Authorization"] = proxy.authorization
        upstream = http.client.HTTPConnection(proxy.behind, timeout=30)
        try:
            upstream.request(self.command, self.path, body or None, headers)
            answer = upstream.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in (*skipped, "date", "server")}
            if self.command == "HEAD" and answer.length is not None:
                kept["Content-Length"] = str(answer.length)
            return answer.status, kept, answer.read()
        finally:
            upstream.close()

    def _answer(self, fault: Fault, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", headers.get("Content-Type", "application/json"))
        for name, value in headers.items():
            if name != "Content-Type":
                self.send_header(name, value)
        if fault.end and fault.where == "head":
            self.flush_headers()
            self._end(fault, "head")
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(fault.flood or len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault.flood:
            piece = body * ((1 << 20) // len(body))
            for sent in range(0, fault.flood, len(piece)):
                self.wfile.write(piece[: fault.flood - sent])
            return
        whole = len(body) // 2 if fault.end else fault.cut
        self.wfile.write(body[:whole])
        self._end(fault, "body")
        if fault.cut is not None:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_HEAD = _handle
