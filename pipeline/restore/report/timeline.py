"""The timeline of a restore: the lanes of a drill that say something of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report.axis import Axis
from pipeline.drill.report.lag import lag
from pipeline.drill.report.lane import Frame, Lane
from pipeline.drill.report.latency import latency
from pipeline.drill.report.marks import marks
from pipeline.drill.report.steps import steps
from pipeline.drill.report.success import success
from pipeline.drill.series import buckets
from pipeline.restore.report.held import Held


def lanes(held: Held) -> Sequence[Lane]:
    """Return the lanes from top to bottom; a kind of client that sent nothing has empty ones."""
    return list(_lanes(held))


def _lanes(held: Held) -> Iterator[Lane]:
    axis = Axis.of(held)
    frame = Frame(axis=axis, marks=marks(held))
    found = buckets(held.evidence.attempts, start=axis.start, width=axis.bucket_s)
    by_kind = {kind: [bucket for bucket in found if bucket.kind is kind] for kind in ClientKind}
    yield steps(held, frame)
    for kind, own in by_kind.items():
        yield success(held, frame, kind, own)
    for kind, own in by_kind.items():
        yield latency(held, frame, kind, own)
    yield lag(held, frame)
