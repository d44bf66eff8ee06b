"""The procedures out of failover drills: what an operator does, without what a drill breaks."""

from __future__ import annotations

import pytest

from pipeline.config import PROD
from pipeline.drill.scenarios import named
from pipeline.drill.step import Do, Role
from pipeline.restore import failover

NAMES = ["planned-switchover", "failback"]


@pytest.mark.parametrize("name", NAMES)
def test_an_operator_breaks_and_mends_nothing(name: str) -> None:
    steps = failover.steps_of(name)
    assert not {Do.BREAK, Do.HEAL, Do.DIE} & {step.do for step in steps}


@pytest.mark.parametrize("name", NAMES)
def test_all_that_a_drill_stops_starts_fences_and_unfences_an_operator_does_in_that_order(name: str) -> None:
    acts = [step for step in named(name).steps if step.do in failover.ACTS]
    assert [step for step in failover.steps_of(name) if step.do in failover.ACTS] == acts


def test_a_return_begins_with_nobody_returning_by_themselves() -> None:
    first = failover.steps_of("failback")[0]
    assert (first.do, first.role) == (Do.STOP, Role.PRIMARY)


def test_each_step_says_what_to_type_how_to_see_and_how_to_go_back() -> None:
    sections = failover.sections(PROD)
    assert [section.title for section in sections] == [
        "Leave the primary Region on purpose",
        "Return to the primary Region",
    ]
    for entry in (entry for section in sections for entry in section.entries):
        assert entry.lines
        assert entry.verify.endswith(".")
        assert entry.back.endswith(".")
