"""The lanes of what is in one state at a time: each Region's health, and whom DNS leads where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pipeline.drill.report.axis import Axis
from pipeline.drill.report.drawing import hatched, label, rect
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.lane import TOP, Frame, Key, Lane, row_label
from pipeline.drill.timeline import AnswerChanged, HealthChanged

BAR, ROW = 18.0, 26.0
UNSEEN = "no change was seen"
HEALTHY, UNHEALTHY = "healthy", "unhealthy"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A state from a time to another."""

    start: float
    end: float
    state: str


def spans(changes: Sequence[tuple[float, str]], axis: Axis, *, before: str) -> Sequence[Span]:
    """Return the spans between changes, each given by its time and the state that it leads to.

    `before` is the state ahead of the first one. A change that changes nothing is left out.
    """
    points = [(axis.start, before)]
    for at, state in changes:
        if state != points[-1][1]:
            points.append((at, state))
    ends = [*(at for at, _ in points[1:]), axis.end]
    return [
        Span(start=at, end=end, state=state)
        for (at, state), end in zip(points, ends, strict=True)
        if end > axis.start
    ]


def health(drilled: Drilled, frame: Frame) -> Lane:
    """Return the lane of both Regions' health checks."""
    name, parts, words = "lane-health", list[Element](), list[str]()
    changes = drilled.evidence.timeline.of(HealthChanged)
    for row, region in enumerate(drilled.regions):
        own = [(at.at, HEALTHY if at.healthy else UNHEALTHY) for at in changes if at.region == region]
        before = UNSEEN if not own else UNHEALTHY if own[0][1] == HEALTHY else HEALTHY
        found = spans(own, frame.axis, before=before)
        words.append(f"{region}: {_in_words(found, frame.axis)}")
        parts += [row_label(TOP + ROW * row + 14, region), *_bars(found, frame, name, row)]
    return frame.lane(
        name,
        "Health of each Region's endpoint",
        ". ".join(words),
        height=ROW * 2 - (ROW - BAR),
        parts=parts,
        keys=[Key(style="good", label=HEALTHY), Key(style="failure", label=UNHEALTHY)],
    )


def answers(drilled: Drilled, frame: Frame) -> Lane:
    """Return the lane of DNS; with two Regions, what it answered before a change is the other one."""
    name, (primary, secondary) = "lane-dns", drilled.regions
    changes = [(change.at, change.region) for change in drilled.evidence.timeline.of(AnswerChanged)]
    before = UNSEEN if not changes else primary if changes[0][1] == secondary else secondary
    found = spans(changes, frame.axis, before=before)
    parts = [row_label(TOP + 14, "leads to"), *_bars(found, frame, name, 0, primary, secondary)]
    return frame.lane(
        name,
        "What DNS answers",
        _in_words(found, frame.axis),
        height=BAR,
        parts=parts,
        keys=[Key(style="primary", label=primary), Key(style="secondary", label=secondary)],
    )


def _bars(found: Sequence[Span], frame: Frame, name: str, row: int, *regions: str) -> Iterator[Element]:
    styles = {
        HEALTHY: "good",
        UNHEALTHY: "failure",
        **dict(zip(regions, ("primary", "secondary"), strict=False)),
    }
    axis = frame.axis
    for span in found:
        left, right, style = axis.x(span.start), axis.x(span.end), styles.get(span.state, "unseen")
        tip = f"{span.state}, {axis.since(span.start)} to {axis.since(span.end)}"
        top = TOP + ROW * row
        bar = rect(f"state {style}", left, top, right - left, BAR, tip=tip)
        if style == "failure":
            bar.set("fill", hatched(name))
            bar.set("class", "state")
        yield bar
        if (x := _clear(left, right, 7.0 * len(span.state), frame)) is not None:
            yield label(f"on on-{style}", x, top + 13, span.state)


def _clear(left: float, right: float, width: float, frame: Frame) -> float | None:
    """Find where a text of a width fits into a bar without a mark running through it."""
    x = left + 7
    for mark in frame.marks:
        if x - 4 < frame.axis.x(mark.at) < x + width:
            x = frame.axis.x(mark.at) + 6
    return x if x + width <= right else None


def _in_words(found: Sequence[Span], axis: Axis) -> str:
    """Say the spans, for who cannot see them."""
    return ", ".join(
        f"{span.state} from {axis.since(span.start)} to {axis.since(span.end)}" for span in found
    )
