"""The lanes of states are drawn from change to change."""

from __future__ import annotations

from pipeline.drill.report.axis import Axis
from pipeline.drill.report.states import UNSEEN, Span, answers, health, spans
from pipeline.drill.timeline import AnswerChanged, HealthChanged
from tests.pipeline.drill.made import HERE, THERE, T
from tests.pipeline.drill.report.drawn import described, drilled, frame, styles


def test_health_is_drawn_from_change_to_change_in_each_region() -> None:
    made = drilled(
        HealthChanged(at=T + 30, region=HERE, healthy=False),
        HealthChanged(at=T + 60, region=HERE, healthy=True),
    )
    lane = health(made, frame(made))
    course = "healthy from −10.0 s to +30.0 s, unhealthy from +30.0 s to +60.0 s, healthy from +60.0 s"  # noqa: RUF001
    assert f"{HERE}: {course}" in described(lane)
    assert f"{THERE}: {UNSEEN}" in described(lane)
    assert styles(lane, "rect").count("state good") == 2


def test_dns_led_to_the_other_region_before_its_first_change() -> None:
    made = drilled(AnswerChanged(at=T + 40, region=THERE))
    lane = answers(made, frame(made))
    assert described(lane).startswith(f"{HERE} from ")
    assert f"{THERE} from +40.0 s" in described(lane)
    assert [style for style in styles(lane, "rect") if "state" in style] == [
        "state primary",
        "state secondary",
    ]


def test_where_dns_never_changed_it_is_not_said_where_it_led() -> None:
    made = drilled()
    assert described(answers(made, frame(made))).startswith(UNSEEN)


def test_spans_leave_out_what_changes_nothing_and_what_lies_before() -> None:
    axis = Axis(start=10, end=20, zero=10, bucket_s=1)
    assert spans([(5, "b"), (12, "b"), (15, "a")], axis, before="a") == [
        Span(start=5, end=15, state="b"),
        Span(start=15, end=20, state="a"),
    ]


def test_what_became_healthy_was_not_before() -> None:
    made = drilled(HealthChanged(at=T + 30, region=THERE, healthy=True))
    assert f"{THERE}: unhealthy from" in described(health(made, frame(made)))
