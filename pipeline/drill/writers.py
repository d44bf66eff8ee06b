"""Whether Regions took writes one after the other, where clients were led away on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drill.attempt import Attempt, Operation
from pipeline.drill.finding import Finding, Invariant


def two_writers(attempts: Sequence[Attempt], since: float | None) -> Sequence[Finding]:
    """Return a finding for each write that a Region acknowledged after another one had taken over from it.

    Only writes that ended from `since` on count, in seconds since the epoch; None is a drill in which that
    may be. Whether anything came of it does not matter: clients that share no user make no fork.
    """
    if since is None:
        return []
    found, passed, now = [], dict[str, Attempt](), None
    for write in sorted(attempts, key=lambda attempt: attempt.ended_at):
        region = write.region
        if region is None or write.ended_at < since or not _was_written(write):
            continue
        if region in passed:
            found.append(_finding(write, region, passed[region]))
        elif now is not None and region != now:
            passed[now] = write
        now = now if region in passed else region
    return found


def _was_written(attempt: Attempt) -> bool:
    return attempt.acknowledged and attempt.asked.operation is not Operation.READ


def _finding(write: Attempt, region: str, successor: Attempt) -> Finding:
    """Describe a write that came too late."""
    late_s = write.ended_at - successor.ended_at
    return Finding(
        invariant=Invariant.TWO_WRITERS,
        sentence=f"{region} took write {write.asked.write} {late_s:.3f} s after {successor.region} had begun "
        "to take writes.",
        evidence=(write.asked.write, write.asked.id, successor.asked.id),
    )
