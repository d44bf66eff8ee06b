"""The time axis that all lanes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Self

from pipeline.drill.report import figures
from pipeline.drill.report.drilled import Drawn

WIDTH, LEFT, RIGHT = 1000.0, 108.0, 980.0
MOST_BUCKETS = 170
MOST_TICKS = 13


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Time from left to right; `zero` is the fault, `bucket_s` how long what is summed up together takes."""

    start: float
    end: float
    zero: float
    bucket_s: float

    @classmethod
    def of(cls, drilled: Drawn) -> Self:
        """Reach from the first to the last thing that happened."""
        span = drilled.evidence.timeline.span or (drilled.started_at, drilled.ended_at)
        start = min(drilled.started_at, span[0], drilled.fault_at)
        end = max(drilled.ended_at, span[1], drilled.fault_at, start + 1)
        bucket_s = round_up((end - start) / MOST_BUCKETS)
        return cls(start=start, end=end, zero=drilled.fault_at, bucket_s=bucket_s)

    def x(self, at: float) -> float:
        """Return the place of a time in pixels; what lies outside is at the edge."""
        share = (at - self.start) / (self.end - self.start)
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    def since(self, at: float) -> str:
        """Write a time as the axis counts it."""
        return figures.since(at, self.zero)

    @property
    def ticks(self) -> Sequence[tuple[float, str]]:
        """Where the axis has a figure, in pixels, and which."""
        return list(self._ticks())

    def _ticks(self) -> Iterator[tuple[float, str]]:
        step = round_up((self.end - self.start) / MOST_TICKS)
        first, last = ceil((self.start - self.zero) / step), floor((self.end - self.zero) / step)
        for number in range(first, last + 1):
            value = round(number * step, 6)
            yield self.x(self.zero + value), f"{figures.tick(value)} s"


def round_up(value: float) -> float:
    """Return the next of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is not below a positive value."""
    decade = 10.0 ** floor(log10(value))
    for digit in (1, 2, 5, 10):
        if decade * digit >= value * (1 - 1e-9):
            return float(f"{decade * digit:.6g}")
    return decade * 10
