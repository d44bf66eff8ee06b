"""The timeline: every lane, above one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.drill.attempt import ClientKind
from pipeline.drill.report.axis import Axis
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.lag import lag
from pipeline.drill.report.lane import Frame, Lane
from pipeline.drill.report.latency import latency
from pipeline.drill.report.marks import marks
from pipeline.drill.report.states import answers, health
from pipeline.drill.report.steps import steps
from pipeline.drill.report.success import success
from pipeline.drill.series import buckets


def lanes(drilled: Drilled) -> Sequence[Lane]:
    """Return the lanes from top to bottom; a kind of client that sent nothing has empty ones."""
    return list(_lanes(drilled))


def _lanes(drilled: Drilled) -> Iterator[Lane]:
    axis = Axis.of(drilled)
    frame = Frame(axis=axis, marks=marks(drilled))
    found = buckets(drilled.evidence.attempts, start=axis.start, width=axis.bucket_s)
    by_kind = {kind: [bucket for bucket in found if bucket.kind is kind] for kind in ClientKind}
    yield steps(drilled, frame)
    yield health(drilled, frame)
    yield answers(drilled, frame)
    for kind, own in by_kind.items():
        yield success(drilled, frame, kind, own)
    for kind, own in by_kind.items():
        yield latency(drilled, frame, kind, own)
    yield lag(drilled, frame)
