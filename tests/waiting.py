"""Waits for a condition instead of a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

DEADLINE_S = 30.0


def eventually(probe: Callable[[], T], *, within_s: float = DEADLINE_S) -> T:
    """Return the first true value that the probe gives, or fail with the last one once the time is over."""
    deadline = time.monotonic() + within_s
    while not (value := probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"after {within_s} s still {value!r}")
        time.sleep(0.01)
    return value
