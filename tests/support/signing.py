"""What it takes to sign JSON, with the openssl that is there anyway."""

from __future__ import annotations

import base64
import subprocess


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*words: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=given, check=True, capture_output=True, timeout=60).stdout
