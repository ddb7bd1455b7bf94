"""A manifest of schema 1, which carries its own signature, as docker made them until 2015."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from .signing import openssl, url64

SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"


def manifest(folder: Path, name: str, tag: str, layer: str, image: dict[str, object]) -> bytes:
    """Of one layer, the digest of a blob; `image` is what is known of the image."""
    key = folder / "schema1.key"
    openssl("genrsa", "-out", str(key), "2048")
    text = json.dumps(
        {
            "schemaVersion": 1,
            "name": name,
            "tag": tag,
            "architecture": "amd64",
            "fsLayers": [{"blobSum": layer}],
            "history": [{"v1Compatibility": json.dumps(image)}],
        },
        indent=3,
    )
    # What is signed ends before the last brace, where the signature is put.
    head, tail = text[:-2], text[-2:]
    told = {"formatLength": len(head), "formatTail": url64(tail.encode()), "time": "2015-01-01T00:00:00Z"}
    protected = url64(json.dumps(told).encode())
    signed = f"{protected}.{url64(text.encode())}".encode()
    signature = {
        "header": {"jwk": _public_key(key), "alg": "RS256"},
        "signature": url64(openssl("dgst", "-sha256", "-sign", str(key), given=signed)),
        "protected": protected,
    }
    return f'{head},\n   "signatures": {json.dumps([signature])}{tail}'.encode()


def _public_key(key: Path) -> dict[str, str]:
    modulus = openssl("rsa", "-in", str(key), "-noout", "-modulus").decode().strip().partition("=")[2]
    der = openssl("rsa", "-in", str(key), "-pubout", "-outform", "DER")
    name = base64.b32encode(hashlib.sha256(der).digest()[:30]).decode()
    kid = ":".join(name[at : at + 4] for at in range(0, len(name), 4))
    return {"kty": "RSA", "kid": kid, "n": url64(bytes.fromhex(modulus)), "e": "AQAB"}
