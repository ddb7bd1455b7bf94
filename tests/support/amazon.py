"""Amazon's services as moto plays them (the PyPI package moto[server])."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from .ports import free_port
from .wait import until

AVAILABLE = shutil.which("moto_server") is not None
REGION = "us-east-1"


class Amazon:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        with open(folder / "moto.log", "wb") as log:
            command = ["moto_server", "-H", "127.0.0.1", "-p", str(port)]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until("moto answers", self._is_up)

    def _is_up(self) -> bool:
        try:
            return bool(self._send("/moto-api/data.json", None, {}))
        except OSError:
            return False

    def _send(self, path: str, body: bytes | None, headers: dict[str, str]) -> str:
        request = urllib.request.Request(self.url + path, body, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()

    def _iam(self, **params: str) -> str:
        # moto tells by the scope of a signature which service is meant.
        scope = f"Credential=any/20260101/{REGION}/iam/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
        return self._send("/", urlencode(params | {"Version": "2010-05-08"}).encode(), headers)

    def make_user(self) -> tuple[str, str]:
        """The id and the secret of a key that may use ECR. From then on moto wants good signatures."""
        self._iam(Action="CreateUser", UserName="flux")
        allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]}
        self._iam(Action="PutUserPolicy", UserName="flux", PolicyName="ecr", PolicyDocument=json.dumps(allow))
        key = self._iam(Action="CreateAccessKey", UserName="flux")
        found = [re.search(f"<{name}>(.*)</{name}>", key) for name in ("AccessKeyId", "SecretAccessKey")]
        self._send("/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
        assert found[0] and found[1], key
        return found[0][1], found[1][1]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
