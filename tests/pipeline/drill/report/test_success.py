"""The lanes of success show who was served, by whom, and who was not."""

from __future__ import annotations

import pytest

from pipeline.drill.report.axis import Axis
from pipeline.drill.report.success import columns, success
from tests.pipeline.drill.made import HERE, THERE, T, attempt
from tests.pipeline.drill.report.drawn import KIND, described, drilled, found, frame, image
from tests.pipeline.drill.report.pages import paths


def test_success_is_stacked_by_region_with_failures_on_top() -> None:
    attempts = [
        attempt(at=T + 1),
        attempt(at=T + 1.1, region=THERE),
        attempt(at=T + 1.2, status=500, region=THERE),
        attempt(at=T + 1.3, status=None),
        attempt(at=T + 1.3, status=409),
    ]
    made = drilled(attempts=attempts)
    one = columns(found(attempts, Axis.of(made)), width=1)[0]
    assert (dict(one.successes), one.failures, one.counted, one.rate) == (
        {"": 0, HERE: 1, THERE: 1},
        2,
        4,
        0.5,
    )
    lane = success(made, frame(made), KIND, found(attempts, Axis.of(made)))
    assert "50 % of 4 requests succeeded; requests failed from +1.0 s to +1.0 s." in described(lane)
    assert all(paths(image(lane), style) for style in ("primary", "secondary"))
    assert any(
        "1 by eu-central-1, 1 by eu-west-1, 2 failed" in (tip.text or "") for tip in image(lane).iter("title")
    )


def test_a_success_of_an_unnamed_region_is_a_success() -> None:
    attempts = [attempt(at=T, region=None)]
    made = drilled(attempts=attempts)
    lane = success(made, frame(made), KIND, found(attempts, Axis.of(made)))
    assert "100 % of 1 requests succeeded; none failed." in described(lane)
    assert paths(image(lane), "neutral")


def test_clients_who_wait_in_vain_leave_no_gap() -> None:
    attempts = [attempt(at=T, status=None, took=20), attempt(at=T + 20, status=None, took=20)]
    made = drilled(attempts=attempts)
    at = frame(made).axis.x
    lane = success(made, frame(made), KIND, found(attempts, Axis.of(made)))
    tips = [tip for tip in image(lane).iter("rect") if tip.get("class") == "tip"]
    ends = [float(tip.get("x", 0)) + float(tip.get("width", 0)) for tip in tips]
    assert ends[0] == pytest.approx(at(T + 20), abs=0.2)
    assert ends[1] >= at(T + 40)
