"""The lanes of latency have a series for each Region, and for those whom nobody answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.drill.report.axis import Axis
from pipeline.drill.report.lane import TOP
from pipeline.drill.report.latency import HEIGHT, Decades, latency
from tests.pipeline.drill.made import THERE, T, attempt
from tests.pipeline.drill.report.drawn import KIND, described, drilled, found, frame, image
from tests.pipeline.drill.report.pages import paths


def test_latency_has_a_series_for_each_region_and_for_nobody() -> None:
    attempts = [
        attempt(at=T),
        attempt(at=T + 1, region=THERE, took=0.5),
        attempt(at=T + 2, status=None, took=5),
    ]
    made = drilled(attempts=attempts)
    lane = latency(made, frame(made), KIND, found(attempts, Axis.of(made)))
    assert f"{THERE}: median between 500 ms and 500 ms" in described(lane)
    assert "Without an answer: median between 5.00 s and 5.00 s" in described(lane)
    assert all(paths(image(lane), f"{style}") for style in ("primary", "secondary", "failure"))


def test_an_attempt_of_which_the_end_is_not_known_has_no_latency() -> None:
    attempts = [replace(attempt(at=T), answered=None)]
    made = drilled(attempts=attempts)
    assert described(latency(made, frame(made), KIND, found(attempts, Axis.of(made)))) == "No requests."


@pytest.mark.parametrize("value", [0.0, -1.0, 1e-9, 0.0004, 3.0, 5000.0])
def test_every_latency_has_a_place_on_its_scale(value: float) -> None:
    assert TOP <= Decades.over([value]).y(value) <= TOP + HEIGHT
