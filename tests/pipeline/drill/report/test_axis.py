"""The time axis holds all that happened, and counts from the fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drill.report.axis import LEFT, MOST_BUCKETS, MOST_TICKS, RIGHT, Axis, round_up
from pipeline.drill.report.figures import MINUS
from pipeline.drill.timeline import Timeline
from tests.pipeline.drill.made import T
from tests.pipeline.drill.report.course import END_AT, START_AT, Course


def test_it_reaches_from_the_first_to_the_last_moment() -> None:
    axis = Axis.of(Course().drilled())
    assert (axis.start, axis.zero) == (START_AT, T)
    assert axis.end >= END_AT
    assert (axis.x(axis.start), axis.x(axis.end)) == (LEFT, RIGHT)
    assert axis.since(T + 3) == "+3.0 s"


def test_what_lies_outside_is_at_the_edge() -> None:
    axis = Axis(start=0, end=10, zero=5, bucket_s=1)
    assert [axis.x(at) for at in (-5, 15)] == [LEFT, RIGHT]


def test_the_fault_has_a_tick() -> None:
    axis = Axis(start=-20, end=240, zero=0, bucket_s=1)
    assert (axis.x(0), "0 s") in axis.ticks
    assert axis.ticks[0] == (axis.x(-20), f"{MINUS}20 s")


@given(st.floats(-1e6, 0), st.floats(1, 1e6))
def test_buckets_and_ticks_are_few_however_long_a_drill_is(start: float, lasted: float) -> None:
    drilled = Course(clients=0).drilled()
    evidence = replace(drilled.evidence, timeline=Timeline())
    axis = Axis.of(replace(drilled, evidence=evidence, started_at=T + start, ended_at=T + start + lasted))
    assert (axis.end - axis.start) / axis.bucket_s <= MOST_BUCKETS + 1
    assert 1 <= len(axis.ticks) <= MOST_TICKS + 1
    assert all(LEFT <= x <= RIGHT for x, _ in axis.ticks)


def test_a_drill_that_took_no_time_has_an_axis() -> None:
    drilled = Course(clients=0).drilled()
    evidence = replace(drilled.evidence, timeline=Timeline())
    axis = Axis.of(replace(drilled, evidence=evidence, started_at=T, ended_at=T))
    assert axis.end - axis.start == 1


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.011, 0.02), (0.1, 0.1), (0.3, 0.5), (1, 1), (1.5, 2), (6, 10), (300, 500)]
)
def test_widths_are_round(value: float, rounded: float) -> None:
    assert round_up(value) == rounded
