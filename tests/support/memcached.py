"""Debian's memcached, and what is in it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

from .wait import until


class Memcached:
    """On a free port of the loopback, which it chooses itself."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        told = folder / "port"
        user = ["-u", "root"] if os.getuid() == 0 else []
        self._process = subprocess.Popen(
            ["memcached", "-l", "127.0.0.1", "-p", "-1", "-U", "0", "-I", "5m", *user],
            env={"PATH": os.environ["PATH"], "MEMCACHED_PORT_FILENAME": str(told)},
            stdin=subprocess.DEVNULL,
        )
        until("memcached tells its port", told.exists, every=0.05)
        self.port = int(re.findall(r": (\d+)", told.read_text())[0])
        self.flags = ["--memcached-hostname=127.0.0.1", "--memcached-service=", f"--memcached-port={self.port}"]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def get(self, key: str) -> bytes | None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(f"get {key}\r\n".encode())
            with connection.makefile("rb") as answer:
                header = answer.readline().split()
                return answer.read(int(header[3])) if header[0] == b"VALUE" else None
