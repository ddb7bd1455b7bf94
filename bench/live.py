"""Sees ConfigMaps change on the API server, at the moment when a watch tells it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

from plane import AGENT, Plane

_PATH = "/api/v1/configmaps"


class Live:
    """Watches all ConfigMaps, on a thread of its own."""

    def __init__(self, plane: Plane) -> None:
        self._changed = threading.Condition()
        self._revisions: dict[tuple[str, str], tuple[str, float]] = {}
        self._error = ""
        version = plane.get(_PATH + "?limit=1")["metadata"]["resourceVersion"]
        self._connection = plane.server.connect(None)
        path = f"{_PATH}?watch=true&resourceVersion={version}&timeoutSeconds=86400"
        self._connection.request("GET", path, headers={"User-Agent": AGENT, "Accept": "application/json"})
        self._socket = self._connection.sock
        self._thread = threading.Thread(target=self._follow, args=(self._connection.getresponse(),), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._connection.close()

    def _follow(self, events: Any) -> None:
        try:
            while line := events.readline():
                seen = time.monotonic()
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise RuntimeError(event["object"].get("message"))
                metadata = event["object"]["metadata"]
                revision = (event["object"].get("data") or {}).get("revision", "")
                with self._changed:
                    self._revisions[metadata["namespace"], metadata["name"]] = (revision, seen)
                    self._changed.notify_all()
            self._end("it ended")
        except (OSError, ValueError, RuntimeError) as error:
            self._end(str(error))

    def _end(self, why: str) -> None:
        with self._changed:
            self._error = why
            self._changed.notify_all()

    def has(self, key: tuple[str, str], revision: str, timeout: float) -> float:
        """Waits until the ConfigMap `key` (namespace, name) has `data.revision`; the time.monotonic() of the event."""

        def there() -> bool:
            return self._revisions.get(key, ("", 0.0))[0] == revision

        with self._changed:
            self._changed.wait_for(lambda: there() or self._error, timeout)
            if not there():
                raise RuntimeError(f"{key} did not get revision {revision} in {timeout:g} s {self._error}")
            return self._revisions[key][1]
