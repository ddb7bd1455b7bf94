"""Waiting for a moment that is to be measured: the polls are close, so that they add little to it."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(what: str, condition: Callable[[], object], timeout: float, every: float = 0.002) -> float:
    """Polls until `condition` is true; the time.monotonic() of that moment."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {timeout:g} s: {what}")
        time.sleep(every)
    return time.monotonic()
