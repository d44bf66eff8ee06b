"""One measured figure beside what it should reach."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value with its unit, the most that it should be, and what it was made of."""

    name: str
    value: float
    unit: str
    most: float
    made_of: str

    @property
    def reached(self) -> bool:
        """Tell whether the value is within its target."""
        return self.value <= self.most


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def interleaved_medians(works: Sequence[Callable[[], object]], *, rounds: int, warm_up: int) -> list[float]:
    """Return each work's median in seconds; they take turns, so that a busy machine slows them alike."""
    times: list[list[float]] = [[] for _ in works]
    for number in range(rounds + warm_up):
        for taken, work in zip(times, works, strict=True):
            duration = seconds(work)
            if number >= warm_up:
                taken.append(duration)
    return [statistics.median(taken) for taken in times]
