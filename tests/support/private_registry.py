"""A registry behind a user and a password."""

from __future__ import annotations

import base64
from pathlib import Path

from .kube import Object
from .registry import DEBIAN, Registry

USER, PASSWORD = "rob", "s3cret-pw"
_HTPASSWD = "rob:$2b$04$g89YLrjvZwylMQcqNLliGuoMl8qy9Gg4hWI7haN0UzbV0w1egWBhK\n"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class PrivateRegistry(Registry):
    def __init__(self, folder: Path, program: str = DEBIAN) -> None:
        folder.mkdir(parents=True)
        users = folder / "htpasswd"
        users.write_text(_HTPASSWD)
        super().__init__(folder, program, auth={"htpasswd": {"realm": "private", "path": str(users)}})
        self.authorization = "Basic " + BASIC

    def docker_config(self) -> Object:
        return {"auths": {f"http://{self.host}/v2/": {"auth": BASIC}}}

    def push_tags(self, name: str, *tags: str) -> None:
        """Images that differ, the first the oldest."""
        for day, tag in enumerate(tags, start=1):
            self.push(name, tag, f"2026-01-{day:02}T00:00:00Z")
