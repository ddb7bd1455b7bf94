"""A certificate authority for one test."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path


class Authority:
    """Signs certificates for 127.0.0.1. Those who should trust it read `certificate`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = folder / "ca.key"
        self.certificate = folder / "ca.crt"
        self._openssl("/CN=test-ca", "keyUsage=critical,keyCertSign,digitalSignature", self._key, self.certificate)

    def _openssl(self, subject: str, extension: str, key: Path, out: Path, *more: str) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", "3650", "-subj", subject, "-addext", extension, "-keyout", str(key), "-out", str(out)]
        subprocess.run(command + list(more), check=True, capture_output=True, timeout=30)

    def issued(self) -> tuple[Path, Path]:
        """The certificate of a server on loopback, and its key."""
        certificate, key = self._folder / "server.crt", self._folder / "server.key"
        if not certificate.exists():
            signer = ["-CA", str(self.certificate), "-CAkey", str(self._key)]
            self._openssl("/CN=localhost", "subjectAltName=IP:127.0.0.1,DNS:localhost", key, certificate, *signer)
        return certificate, key

    def client(self) -> ssl.SSLContext:
        """The TLS settings of a client that trusts nobody else."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def server(self) -> ssl.SSLContext:
        """The TLS settings of a server on loopback."""
        certificate, key = self.issued()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context
