"""Git over ssh and https, and a server that accepts and never answers."""

from __future__ import annotations

import base64
import getpass
import os
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from .certificates import Authority
from .git import ENVIRONMENT
from .http_body import read_body
from .ports import free_port
from .wait import until


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class SshGitServer:
    """A private sshd. `trust(home)` makes git, run with that HOME, use its key and know the host."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._folder = folder
        self.port = free_port()
        for name in ("host", "identity"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
            subprocess.run(command, check=True, timeout=30)
        (folder / "authorized_keys").write_text((folder / "identity.pub").read_text())
        host_key = " ".join((folder / "host.pub").read_text().split()[:2])
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}\n")
        (folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\n"
            f"StrictModes no\nAuthorizedKeysFile {folder}/authorized_keys\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 100\n"
        )
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        with open(folder / "sshd.log", "wb") as log:
            command = ["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd_config")]
            self._process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        until("sshd listens", lambda: _listens(self.port))

    def url(self, bare: Path) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{bare}"

    def trust(self, home: Path, identity: Path | None = None) -> None:
        config = self._folder / f"ssh_config.{home.name}"
        config.write_text(
            f"IdentityFile {identity or self._folder / 'identity'}\nIdentitiesOnly yes\nBatchMode yes\n"
            f"UserKnownHostsFile {self._folder}/known_hosts\nStrictHostKeyChecking yes\nLogLevel error\n"
        )
        # ssh takes the home of the password file, not HOME, so git is told the file.
        (home / ".gitconfig").write_text(f"[core]\n\tsshCommand = ssh -F {config}\n")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


class HangingServer:
    """Accepts connections and never says a word."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self.connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                self.connections.append(self._socket.accept()[0])
            except OSError:
                return

    def stop(self) -> None:
        self._socket.close()
        for each in self.connections:
            each.close()


class _GitHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HttpsGitServer._Server

    def log_message(self, *_: object) -> None: ...

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _serve(self) -> None:
        outer = self.server.outer
        body = read_body(self)
        outer.requests.append(f"{self.command} {self.path}")
        if outer.hanging.is_set():
            outer.released.wait(60)
            self.close_connection = True
            return
        if outer.failure:
            self._answer(outer.failure, {"Content-Type": "text/plain"}, b"" if outer.failure == 200 else b"injected")
            return
        expected = "Basic " + base64.b64encode(f"{outer.user}:{outer.password}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            self._answer(401, {"WWW-Authenticate": 'Basic realm="git"'}, b"who are you?\n")
            return
        self._backend(body)

    def _backend(self, body: bytes) -> None:
        address = urlsplit(self.path)
        environment = ENVIRONMENT | {
            "GIT_PROJECT_ROOT": str(self.server.outer.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": self.server.outer.user,
        }
        command = ["git", "http-backend"]
        done = subprocess.run(command, input=body, env=environment, capture_output=True, timeout=60)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200 OK").split()[0])
        self._answer(status, headers, content)

    do_GET = do_POST = _serve


class HttpsGitServer:
    """`git http-backend` behind TLS and a password. `trust(home)` makes git, run with that HOME, know the authority.
    Faults: `hanging` answers nothing while set; `failure` is a status for every request, 200 with nothing."""

    user = "flux"
    password = "swordfish-0451"

    class _Server(ThreadingHTTPServer):
        daemon_threads = True
        outer: HttpsGitServer

        def handle_error(self, *_: object) -> None: ...

    def __init__(self, root: Path, authority: Authority) -> None:
        self.root = root
        self.requests: list[str] = []
        self.failure = 0
        self.hanging = threading.Event()
        self.released = threading.Event()
        self.authority = authority
        self._server = self._Server(("127.0.0.1", 0), _GitHandler)
        self._server.outer = self
        # The handshake is done by the connection's thread: one that never speaks must not stop the others.
        self._server.socket = self.authority.server().wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, bare: Path, password: str | None = None, user: str | None = None) -> str:
        credentials = f"{user or self.user}:{password or self.password}"
        return f"https://{credentials}@127.0.0.1:{self.port}/{bare.relative_to(self.root)}"

    def trust(self, home: Path) -> None:
        (home / ".gitconfig").write_text(f"[http]\n\tsslCAInfo = {self.authority.certificate}\n")

    def recover(self) -> None:
        self.failure = 0
        self.hanging.clear()
        self.released.set()

    def stop(self) -> None:
        self.recover()
        self._server.shutdown()
        self._server.server_close()
