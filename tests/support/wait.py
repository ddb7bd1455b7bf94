"""Waiting for something to become true, always with a deadline and never by sleeping a fixed time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Slow machines and sanitizers: FLUX_TEST_PATIENCE=3 gives everything three times as long.
PATIENCE = float(os.environ.get("FLUX_TEST_PATIENCE", "1"))


def until(what: str, condition: Callable[[], T], timeout: float = 60.0, every: float = 0.02) -> T:
    """Polls `condition` until it returns something true, which is returned. An AssertionError of it counts as not yet."""
    end = time.monotonic() + timeout * PATIENCE
    while True:
        last: object
        try:
            value = condition()
            if value:
                return value
            last = value
        except AssertionError as error:
            last = error
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout:g} s: {what}; last seen: {last!r}")
        time.sleep(every)


def stays(what: str, condition: Callable[[], object], seconds: float) -> None:
    """Asserts that `condition` holds the whole time: for what must not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), f"did not stay so: {what}"
        time.sleep(0.05)
