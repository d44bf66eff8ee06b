"""A metric says which values speak against health, and how long its periods are here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.local.dns.metric import COMPARISONS
from tests.pipeline.local.dns.zones import stop_metric


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanOrEqualToThreshold", [False, True, True]),
        ("GreaterThanThreshold", [False, False, True]),
        ("LessThanThreshold", [True, False, False]),
        ("LessThanOrEqualToThreshold", [True, True, False]),
    ],
)
def test_values_are_compared_with_the_threshold(comparison: str, breaching: list[bool]) -> None:
    metric = replace(stop_metric("eu-west-1"), comparison=comparison, threshold=2)
    assert [metric.breached_by(value) for value in (1, 2, 3)] == breaching
    assert comparison in COMPARISONS


@pytest.mark.parametrize(
    ("time_scale", "window_s"), [(1, 60), (10, 6), (7, 9), (60, 1), (500, 1), (0.5, 120), (1.2, 50)]
)
def test_a_period_is_divided_into_whole_seconds(time_scale: float, window_s: int) -> None:
    assert stop_metric("eu-west-1").window_s(time_scale) == window_s
