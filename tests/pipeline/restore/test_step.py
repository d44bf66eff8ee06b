"""Steps of a restore: none lacks what a drill acts on, or what an operator has to know."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.drill.step import Role
from pipeline.restore.step import DRILL_ONLY, Do, Step, Who

WHOLE: dict[str, Any] = {"seconds": 5, "verify": "It did.", "back": "Undo it."}


@pytest.mark.parametrize(
    ("do", "who", "fields", "message"),
    [
        (Do.FENCE, Who.LEAD, WHOLE, "A step that does fence must have a role."),
        (Do.CUT_OVER, Who.LEAD, WHOLE | {"role": Role.PRIMARY}, "A step that does cut-over has no role."),
        (Do.CARRY_ON, Who.NOBODY, {}, "A step that does carry-on must say how many seconds it may take."),
        (Do.CUT_OVER, Who.NOBODY, WHOLE, "A step that does cut-over is taken by somebody."),
        (Do.CORRUPT, Who.LEAD, WHOLE, "A step that does corrupt is taken by nobody but the drill."),
        (Do.CUT_OVER, Who.LEAD, WHOLE | {"verify": ""}, "must say how to verify it, and how to go back."),
        (Do.CUT_OVER, Who.LEAD, WHOLE | {"back": ""}, "must say how to verify it, and how to go back."),
    ],
)
def test_a_step_that_lacks_something_is_refused(
    do: Do, who: Who, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Step(do=do, why="It cannot be.", who=who, **fields)


def test_a_step_that_lacks_nothing_is_taken() -> None:
    step = Step(do=Do.FENCE, why="It can be.", who=Who.LEAD, role=Role.SECONDARY, **WHOLE)
    assert (step.role, step.begins_outage, step.ends_outage) == (Role.SECONDARY, False, False)


@pytest.mark.parametrize("do", DRILL_ONLY)
def test_what_only_a_drill_does_needs_no_words_for_an_operator(do: Do) -> None:
    assert Step(do=do, why="It happens.", who=Who.NOBODY, seconds=5).verify == ""
