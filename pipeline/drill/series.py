"""What a report draws of attempts: how many succeed, and how long they take, over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from pipeline.drill.attempt import Attempt, ClientKind

NOBODY = ""  # the Region of an attempt that nobody answered


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """The attempts that clients of a kind sent in `[at, at + width)`, by the Region that answered them.

    `judged` are those that a 4xx turned away: neither successes nor failures. Latencies are seconds, by the
    nearest-rank method, of all attempts that ended; None where none did.
    """

    at: float
    region: str
    kind: ClientKind
    successes: int
    failures: int
    judged: int
    p50_s: float | None
    p90_s: float | None
    p99_s: float | None

    @property
    def success_rate(self) -> float | None:
        """The share of successes among successes and failures; None where there is neither."""
        counted = self.successes + self.failures
        return self.successes / counted if counted else None


def buckets(attempts: Iterable[Attempt], *, start: float, width: float = 1.0) -> Sequence[Bucket]:
    """Return the buckets that are not empty, in order of time, Region and kind; one begins at `start`.

    Times and widths are seconds.
    """
    groups: dict[tuple[int, str, ClientKind], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        number = floor((attempt.at - start) / width)
        groups[number, attempt.region or NOBODY, attempt.asked.kind].append(attempt)
    return [
        _bucket(start + number * width, region, kind, groups[number, region, kind])
        for number, region, kind in sorted(groups)
    ]


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """Return the smallest value that is not below `percent` of the ordered values; None of nothing."""
    if not ordered:
        return None
    return ordered[max(ceil(len(ordered) * percent / 100) - 1, 0)]


def _bucket(at: float, region: str, kind: ClientKind, attempts: Sequence[Attempt]) -> Bucket:
    """Sum up one bucket."""
    successes = sum(attempt.acknowledged for attempt in attempts)
    failures = sum(attempt.failed for attempt in attempts)
    latencies = sorted(attempt.ended_at - attempt.at for attempt in attempts if attempt.answered)
    return Bucket(
        at=at,
        region=region,
        kind=kind,
        successes=successes,
        failures=failures,
        judged=len(attempts) - successes - failures,
        p50_s=percentile(latencies, 50),
        p90_s=percentile(latencies, 90),
        p99_s=percentile(latencies, 99),
    )
