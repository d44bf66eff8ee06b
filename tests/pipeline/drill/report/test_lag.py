"""The lane of replication shows how far each Region was behind."""

from __future__ import annotations

from pipeline.drill.report.lag import lag
from pipeline.drill.report.lane import TOP
from pipeline.drill.timeline import LagSampled
from tests.pipeline.drill.made import HERE, THERE, T
from tests.pipeline.drill.report.drawn import described, drilled, frame, image
from tests.pipeline.drill.report.pages import paths


def test_lag_is_drawn_in_both_directions_and_the_largest_of_a_moment_counts() -> None:
    made = drilled(
        *(LagSampled(at=T + n / 10, source=HERE, target=THERE, lag_s=n) for n in range(5)),
        LagSampled(at=T + 80, source=THERE, target=HERE, lag_s=0.2),
    )
    lane = lag(made, frame(made))
    assert f"{HERE} → {THERE}: at most 4.00 s, at +0.4 s" in described(lane)
    assert f"{THERE} → {HERE}: at most 200 ms, at +80.0 s" in described(lane)
    assert all(paths(image(lane), style) for style in ("primary", "secondary"))


def test_lag_that_nobody_measured_is_not_drawn() -> None:
    made = drilled()
    assert described(lag(made, frame(made))).count("not measured") == 2


def test_a_lag_without_end_is_drawn_at_the_top() -> None:
    made = drilled(LagSampled(at=T, source=HERE, target=THERE, lag_s=float("inf")))
    (path,) = paths(image(lag(made, frame(made))), "primary")
    assert f" {TOP:g}H" in path
