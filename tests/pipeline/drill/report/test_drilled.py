"""A drill is met when its verdict is good, and nothing was waited for in vain."""

from __future__ import annotations

from dataclasses import replace

from pipeline.drill.attempt import ClientKind
from pipeline.drill.place import FENCE_SETTLES_S
from pipeline.drill.report.drilled import UNDIVIDED
from tests.pipeline.drill.made import HERE, THERE
from tests.pipeline.drill.report.course import Course


def test_a_drill_whose_verdict_is_good_is_met() -> None:
    drilled = Course().drilled()
    assert drilled.met
    assert drilled.sentence == str(drilled.verdict)
    assert drilled.regions == (HERE, THERE)


def test_a_step_that_was_late_misses_it_and_is_named() -> None:
    drilled = Course(late=(3, "not all are served")).drilled()
    assert not drilled.met
    assert [taken.number for taken in drilled.late] == [3]
    assert drilled.sentence.endswith("not in time: step 4")


def test_an_objective_that_was_missed_misses_it() -> None:
    assert not Course(rto_s={ClientKind.OBEYS_TTL: 1}).drilled().met


def test_every_planned_step_is_there_whether_it_began_or_not() -> None:
    drilled = replace(Course().drilled(), began={}, ended={})
    assert [taken.step for taken in drilled.steps] == list(drilled.scenario.steps)
    assert not any(taken.began or taken.ended or taken.late for taken in drilled.steps)


def test_at_real_time_nothing_is_left_undivided() -> None:
    assert not Course().drilled().undivided
    assert Course(time_scale=10).drilled().undivided[:-1] == UNDIVIDED


def test_what_is_not_divided_has_the_figure_that_the_drill_goes_by() -> None:
    assert any(f"The {FENCE_SETTLES_S:g} s for which" in sentence for sentence in UNDIVIDED)
