"""A proxy in front of an API server that remembers every request and misbehaves on demand."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

from .certificates import Authority
from .kube import Server
from .proxy_handler import TOKEN, ProxyHandler

__all__ = ["TOKEN", "Fault", "FaultProxy", "Request"]


@dataclass
class Request:
    method: str
    path: str
    time: float
    status: int = 0

    @property
    def is_write(self) -> bool:
        return self.method not in ("GET", "HEAD") and "/authorization.k8s.io/" not in self.path

    @property
    def is_watch(self) -> bool:
        return "watch=" in self.path


@dataclass
class Fault:
    """What happens to requests that match. With `status` they are answered here; with `delay` they wait first; with
    `hang` they are never answered; with `cut` their answer ends after so many bytes; with `flood` they are answered with
    that many bytes and no line break."""

    method: str
    path: str
    times: int | None = None
    status: int = 0
    message: str = "injected by the test"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    hang: bool = False
    cut: int | None = None
    expired: bool = False
    flood: int = 0
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        return bool(re.fullmatch(self.method, method) and re.search(self.path, path))


class ProxyServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    proxy: FaultProxy

    def handle_error(self, *_: object) -> None: ...


class FaultProxy:
    """Use `kubeconfig` to go through it. Speaks TLS with a certificate of the test's authority, and asks for TOKEN as
    its users' credential, whatever the API server behind it does."""

    def __init__(self, folder: Path, behind: Path, authority: Authority) -> None:
        self.target = Server(behind)
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._watches: set[socket.socket] = set()
        self._muted: set[socket.socket] = set()
        self.authority = authority
        self._server: ProxyServer | None = None
        self.port = 0
        self.up()
        self.kubeconfig = folder / "kubeconfig-proxy"
        self.kubeconfig.write_text(self._kubeconfig())

    def _kubeconfig(self) -> str:
        authority = base64.b64encode(self.authority.certificate.read_bytes()).decode()
        cluster = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority-data": authority}
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "proxy"}
        context = {"cluster": "proxy", "user": "proxy", "namespace": "default"}
        return json.dumps(
            config
            | {"contexts": [{"name": "proxy", "context": context}]}
            | {"clusters": [{"name": "proxy", "cluster": cluster}]}
            | {"users": [{"name": "proxy", "user": {"token": TOKEN}}]},
            indent=1,
        )

    # Running

    def up(self) -> None:
        """Listens, on the port of before if there was one."""
        server = ProxyServer(("127.0.0.1", self.port), ProxyHandler)
        server.proxy = self
        self.port = server.server_address[1]
        # The handshake is done by the connection's thread: one that never speaks must not stop the others.
        context = self.authority.server()
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Refuses connections and ends those that there are."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.cut_connections()

    def stop(self) -> None:
        self.ended.set()
        self.clear()
        self.down()

    # Faults

    def inject(self, method: str = ".*", path: str = "", **what: object) -> Fault:
        fault = Fault(method, path, **what)  # type: ignore[arg-type]
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def cut_connections(self) -> None:
        """Ends every open connection, in the middle of whatever it carries: watches above all."""
        with self._lock:
            connections = list(self._connections)
        for each in connections:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def mute_watches(self) -> None:
        """From now on nothing comes over a watch that is open, and it does not end: its connection is half closed."""
        with self._lock:
            self._muted |= self._watches

    # What was asked

    def mark(self) -> int:
        return len(self.requests)

    def since(self, mark: int = 0, chosen: Callable[[Request], bool] = lambda _: True) -> list[Request]:
        return [each for each in self.requests[mark:] if chosen(each)]

    def writes(self, mark: int = 0) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.since(mark, lambda each: each.is_write)]

    def deletions(self, mark: int = 0) -> list[str]:
        return [each.path for each in self.since(mark, lambda each: each.method == "DELETE")]

    # For the handler

    def take(self, method: str, path: str) -> tuple[Request, Fault | None]:
        record = Request(method, path, time.monotonic())
        with self._lock:
            self.requests.append(record)
            fault = next((each for each in self._faults if each.matches(method, path)), None)
            if fault:
                fault.hits += 1
        return record, fault

    def hold(self, fault: Fault) -> None:
        while fault in self._faults and not self.ended.wait(0.05):
            pass

    def wait_while_muted(self, connection: socket.socket) -> None:
        while connection in self._muted and not self.ended.wait(0.05):
            pass

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def watching(self, connection: socket.socket, yes: bool) -> None:
        with self._lock:
            (self._watches.add if yes else self._watches.discard)(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)
            self._watches.discard(connection)
            self._muted.discard(connection)
