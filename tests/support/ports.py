"""Ports for the programs under test."""

from __future__ import annotations

import random
import socket


def free_port() -> int:
    """A port on loopback that nobody listens on, below the range that outgoing connections take theirs from."""
    while True:
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
