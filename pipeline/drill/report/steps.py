"""The lane of the scenario's steps, with the names of what is marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from pipeline.drill.report.axis import LEFT, RIGHT
from pipeline.drill.report.drawing import hatched, label, rect
from pipeline.drill.report.drilled import Drawn, Taken
from pipeline.drill.report.lane import TOP, Frame, Key, Lane, row_label

ROW, BAR = 15.0, 20.0
CHARACTER = 6.7  # about the width of one, in pixels
NAME = "lane-steps"


def steps(drilled: Drawn, frame: Frame) -> Lane:
    """Return the lane: a bar from each step's beginning to its end, by its number."""
    names = list(_names(frame))
    top = TOP + ROW * max((row for row, _ in names), default=0) + ROW
    bars = [bar for taken in drilled.steps for bar in _bars(taken, drilled, frame, top)]
    late = ", ".join(str(taken.number + 1) for taken in drilled.late)
    return frame.lane(
        NAME,
        "Steps, and what was broken",
        f"{len(drilled.steps)} steps; not in time: {late or 'none'}. They are listed below with their times.",
        height=top + BAR - TOP,
        parts=[row_label(top + 14, "step"), *bars, *(name for _, name in names)],
        keys=[Key(style="failure", label="not in time")] if late else [],
        foot=True,
    )


def _bars(taken: Taken[Any], drilled: Drawn, frame: Frame, top: float) -> Iterator[Element]:
    if taken.began is None:
        return
    axis, number = frame.axis, str(taken.number + 1)
    ends_at = drilled.ended_at if taken.ended is None else taken.ended.at
    left, right = axis.x(taken.began.at), axis.x(ends_at)
    tip = f"{number}. {taken.step.do}: {taken.step.why} {axis.since(taken.began.at)} to {axis.since(ends_at)}"
    bar = rect("step odd" if taken.number % 2 else "step", left, top, right - left - 1, BAR, tip=tip)
    if taken.late:
        bar.set("class", "late")  # a style would paint over the pattern
        bar.set("fill", hatched(NAME))
    yield bar
    if right - left > CHARACTER * len(number) + 4 and not taken.late:
        yield label("number", (left + right) / 2, top + 14, number, anchor="middle")


def _names(frame: Frame) -> Iterator[tuple[int, Element]]:
    """Yield each mark's name and the row it is in: the first in which it covers no other one."""
    free_from: list[float] = []
    for mark in frame.marks:
        x, width = frame.axis.x(mark.at), CHARACTER * len(mark.label) + 12
        turned = x + width > RIGHT and x - width > LEFT
        left = x - width if turned else x
        row = next((row for row, end in enumerate(free_from) if end <= left), len(free_from))
        free_from[row : row + 1] = [left + width]
        place = (x - 5, "end") if turned else (x + 5, "start")
        yield row, label("name", place[0], TOP + ROW * row + 8, mark.label, anchor=place[1])
