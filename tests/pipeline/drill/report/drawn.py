"""Drills of few events, and what a lane draws of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from pipeline.drill.attempt import Attempt, ClientKind
from pipeline.drill.report.axis import Axis
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.lane import Frame, Lane
from pipeline.drill.report.marks import marks
from pipeline.drill.series import Bucket, buckets
from pipeline.drill.timeline import Event, Timeline
from tests.pipeline.drill.made import T
from tests.pipeline.drill.report.course import Course

KIND = ClientKind.OBEYS_TTL


def drilled(*events: Event, attempts: Sequence[Attempt] = ()) -> Drilled:
    """Return a drill from 10 s before the fault to 90 s after it, in which this happened."""
    made = Course(clients=0, ends_at=T + 90).drilled()
    evidence = replace(made.evidence, timeline=Timeline(events, attempts), attempts=attempts)
    return replace(made, evidence=evidence, started_at=T - 10)


def frame(made: Drilled) -> Frame:
    return Frame(axis=Axis.of(made), marks=marks(made))


def found(attempts: Sequence[Attempt], axis: Axis) -> Sequence[Bucket]:
    return buckets(attempts, start=axis.start, width=axis.bucket_s)


def image(lane: Lane) -> Element:
    return fromstring(lane.drawing)  # noqa: S314  # our own


def described(lane: Lane) -> str:
    return next(child.text or "" for child in image(lane) if child.tag == "desc")


def styles(lane: Lane, tag: str) -> list[str]:
    return [one.get("class", "") for one in image(lane).iter(tag)]
