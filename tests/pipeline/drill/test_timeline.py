"""What happened is told in one order."""

from __future__ import annotations

from pipeline.drill.attempt import Attempt
from pipeline.drill.timeline import (
    Act,
    AnswerChanged,
    CallMade,
    FaultStep,
    HealthChanged,
    LagSampled,
    Timeline,
)
from tests.pipeline.drill.made import HERE, THERE, T, attempt

START = FaultStep(at=T, act=Act.START, fault="region-frozen", target=HERE)
SICK = HealthChanged(at=T + 2, region=HERE, healthy=False)
TURNED = AnswerChanged(at=T + 3, region=THERE)
LAG = LagSampled(at=T + 1, source=HERE, target=THERE, lag_s=0.2)
CALL = CallMade(at=T + 2, service="dynamodb", action="GetItem")


def test_sources_are_merged_by_time_and_those_of_one_moment_as_given() -> None:
    asked = attempt(at=T + 2.5)
    assert Timeline([TURNED, START], [SICK, CALL], [asked, LAG]).events == [
        START,
        LAG,
        SICK,
        CALL,
        asked,
        TURNED,
    ]


def test_a_slice_has_its_beginning_and_not_its_end() -> None:
    timeline = Timeline([START, LAG, SICK, CALL, TURNED])
    assert timeline.between(T + 1, T + 3).events == [LAG, SICK, CALL]
    assert timeline.between(T + 4, T + 9).events == []


def test_events_of_one_kind_are_picked_out() -> None:
    asked = attempt()
    timeline = Timeline([START, SICK, asked])
    assert timeline.of(HealthChanged) == [SICK]
    assert timeline.of(Attempt) == [asked]
    assert timeline.of(CallMade) == []


def test_the_span_reaches_from_the_first_to_the_last() -> None:
    assert Timeline([TURNED, START]).span == (T, T + 3)
    assert Timeline().span is None
