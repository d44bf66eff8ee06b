"""A restore that could not be judged is none."""

from __future__ import annotations

import dataclasses

import pytest

from pipeline.restore.scenarios import named
from pipeline.restore.step import DRILL_ONLY

SCENARIO = named("table-restore")


def test_damage_is_done_once() -> None:
    undamaged = [dataclasses.replace(step, begins_outage=False) for step in SCENARIO.steps]
    for steps in (undamaged, [*SCENARIO.steps, *SCENARIO.steps]):
        with pytest.raises(ValueError, match="table-restore must have exactly one step that does the damage"):
            dataclasses.replace(SCENARIO, steps=steps)


def test_the_service_becomes_whole_once() -> None:
    broken = [dataclasses.replace(step, ends_outage=False) for step in SCENARIO.steps]
    with pytest.raises(ValueError, match="table-restore must have exactly one step after which the service"):
        dataclasses.replace(SCENARIO, steps=broken)


def test_it_is_given_time() -> None:
    with pytest.raises(ValueError, match="table-restore must be given some time"):
        dataclasses.replace(SCENARIO, rto_seconds=0)


def test_an_operator_takes_all_but_what_only_a_drill_does() -> None:
    left_out = [step.do for step in SCENARIO.steps if step not in SCENARIO.operators_steps]
    assert set(left_out) <= DRILL_ONLY
    assert not DRILL_ONLY & {step.do for step in SCENARIO.operators_steps}
