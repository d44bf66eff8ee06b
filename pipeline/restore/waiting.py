"""Waiting for a condition, in a thread that may block."""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.drill.faults import FaultError

LOOK_S = 0.2


def until(condition: Callable[[], bool], *, most_s: float, otherwise: str) -> None:
    """Return once a condition holds; raises FaultError, with what is said otherwise, when time is over."""
    ends = time.monotonic() + most_s
    while not condition():
        if time.monotonic() > ends:
            raise FaultError(f"{otherwise} after {most_s:g} s")
        time.sleep(LOOK_S)
