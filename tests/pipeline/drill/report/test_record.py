"""The JSON tells all that the page tells, without its bounds."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.drill.diary import StepEnded
from pipeline.drill.durability import LostWrite
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.record import as_json, encoded
from pipeline.drill.timeline import CallMade, LagSampled, Timeline
from tests.pipeline.drill.made import HERE, THERE, T
from tests.pipeline.drill.report.course import Course


@pytest.fixture(scope="module")
def drilled() -> Drilled:
    return Course(time_scale=10, late=(3, "a note")).drilled()


def test_it_survives_a_round_trip(drilled: Drilled) -> None:
    record = as_json(drilled)
    assert json.loads(encoded(record)) == record
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_it_has_the_verdict_and_whence_it_came(drilled: Drilled) -> None:
    record = as_json(drilled)
    assert record["met"] is False
    assert record["summary"] == drilled.sentence
    assert record["verdict"]["objectives"][0]["name"] == "RTO (obeys-ttl)"
    assert record["facts"]["objectives"]["rto_s"]["obeys-ttl"] == 135
    assert record["started_at"] == "2030-03-17T17:46:20.000Z"
    assert record["duration_s"] == 260
    assert record["not_tested"] == [*drilled.scenario.not_tested, *drilled.limits]
    assert record["undivided"]
    assert record["command"] == drilled.command


def test_it_has_the_steps_and_what_they_saw(drilled: Drilled) -> None:
    steps = as_json(drilled)["steps"]
    assert [step["number"] for step in steps] == list(range(1, 10))
    assert (steps[3]["in_time"], steps[3]["seen"]) == (False, "a note")
    assert steps[2]["fault"] == "region-frozen (primary)"
    unbegun = as_json(replace(drilled, began={}, ended={}))["steps"][0]
    assert (unbegun["began_at"], unbegun["ended_at"], unbegun["in_time"]) == (None, None, None)


def test_it_has_what_is_drawn(drilled: Drilled) -> None:
    timeline = as_json(drilled)["timeline"]
    assert [event["act"] for event in timeline["faults"]] == ["start", "heal"]
    assert [event["healthy"] for event in timeline["health"]] == [False, True]
    assert [event["region"] for event in timeline["dns"]] == [THERE]
    assert timeline["replication"]
    sums = [bucket["successes"] + bucket["failures"] + bucket["judged"] for bucket in timeline["requests"]]
    assert sum(sums) == len(drilled.evidence.attempts)


def test_it_lists_every_lost_write() -> None:
    lost = [
        LostWrite(write_id=f"w{n}", attempt_id="a", acknowledged_at=T, regions=(THERE,), within_window=True)
        for n in range(1_000)
    ]
    record = as_json(Course(lost=lost).drilled())
    assert len(record["verdict"]["durability"]["lost"]) == 1_000


def test_the_drills_own_calls_are_left_out_and_what_is_no_number_is_null(drilled: Drilled) -> None:
    timeline = Timeline(
        [
            CallMade(at=T, service="dynamodb", action="GetItem"),
            CallMade(at=T, service="dynamodb", action="Scan", by_drill=True),
            LagSampled(at=T, source=HERE, target=THERE, lag_s=float("inf")),
        ]
    )
    record = as_json(replace(drilled, evidence=replace(drilled.evidence, timeline=timeline)))
    assert [call["action"] for call in record["timeline"]["calls"]] == ["GetItem"]
    assert record["timeline"]["replication"][0]["lag_s"] is None


def test_text_that_utf_8_cannot_express_does_not_stop_it(drilled: Drilled) -> None:
    ended = {0: StepEnded(at=T, step=0, done=True, note="<script>\ud800")}
    assert as_json(replace(drilled, ended=ended))["steps"][0]["seen"] == "<script>?"
