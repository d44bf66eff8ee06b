"""The lane of steps names what was broken, and shows what came late."""

from __future__ import annotations

from pipeline.drill.report.axis import LEFT, RIGHT
from pipeline.drill.report.steps import steps
from pipeline.drill.timeline import Act, FaultStep
from tests.pipeline.drill.made import HERE, T
from tests.pipeline.drill.report.course import Course
from tests.pipeline.drill.report.drawn import described, drilled, frame, image, styles


def test_marks_at_one_moment_are_named_in_rows_of_their_own() -> None:
    events = [FaultStep(at=T + n, act=Act.START, fault=f"fault {n}", target=HERE) for n in range(3)]
    made = drilled(*events)
    names = [one for one in image(steps(made, frame(made))).iter("text") if one.get("class") == "name"]
    assert len({one.get("y") for one in names if (one.text or "").startswith("fault")}) == 3


def test_a_late_step_is_hatched_and_named() -> None:
    made = Course(late=(3, "")).drilled()
    lane = steps(made, frame(made))
    assert styles(lane, "rect").count("late") == 1
    assert "not in time: 4" in described(lane)


def test_nothing_is_drawn_outside_the_plot() -> None:
    made = Course().drilled()
    bars = [
        one for one in image(steps(made, frame(made))).iter("rect") if one.get("class", "").startswith("step")
    ]
    assert all(LEFT <= float(one.get("x", 0)) <= RIGHT for one in bars)
    assert len(bars) == len(made.scenario.steps)
