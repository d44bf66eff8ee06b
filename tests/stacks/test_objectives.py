"""Objectives that nothing could meet or miss are refused, and what is left gives the thresholds."""

import re
from dataclasses import fields, replace

import pytest

from pipeline.objectives import OBJECTIVES, THRESHOLDS
from stacks.objectives import FAST_BURN, SLOW_BURN, BurnRate, Thresholds


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("availability_percent", 100, "availability_percent must be below 100, which leaves no budget"),
        ("latency_percent", 100.5, "latency_percent must be below 100, which leaves no budget, not 100.5."),
        (
            "availability_percent",
            93,
            "availability_percent must be above 93.06, not 93: its budget would not",
        ),
        ("latency_percent", -1, "latency_percent must be above 93.06, not -1"),
        ("latency_ms", 0, "latency_ms must be at least 1, not 0."),
        ("recovery_time_seconds", 0, "recovery_time_seconds must be at least 1, not 0."),
        ("recovery_point_seconds", -1, "recovery_point_seconds must be at least 1, not -1."),
    ],
)
def test_an_impossible_objective_is_refused(field: str, value: float, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(OBJECTIVES, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("field", [field.name for field in fields(Thresholds)])
def test_an_alarm_that_is_always_raised_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be at least 1, not 0.$"):
        replace(THRESHOLDS, **{field: 0})


def test_the_speeds_are_those_of_the_workbook() -> None:
    assert [(burn.rate, burn.long_minutes, burn.short_minutes) for burn in (FAST_BURN, SLOW_BURN)] == [
        (14.4, 60, 5),
        (6, 360, 30),
    ]


@pytest.mark.parametrize("burn", [FAST_BURN, SLOW_BURN])
def test_a_short_window_is_a_twelfth_of_the_long_one(burn: BurnRate) -> None:
    assert burn.short_minutes * 12 == burn.long_minutes


@pytest.mark.parametrize("burn", [FAST_BURN, SLOW_BURN])
@pytest.mark.parametrize("objective", [99.99, 99.9, 99.0, 95.0])
def test_a_long_window_at_its_threshold_costs_its_part_of_the_budget(
    burn: BurnRate, objective: float
) -> None:
    days_of_failure = burn.failed_percent(objective) * burn.long_minutes / (24 * 60)
    budget = 30 * (100 - objective)
    assert days_of_failure / budget == pytest.approx(burn.budget_percent / 100)


def test_thresholds_carry_no_dust_of_binary_fractions() -> None:
    assert FAST_BURN.failed_percent(99.9) == 1.44
    assert SLOW_BURN.failed_percent(99.95) == 0.3


def test_the_alarm_on_lag_is_raised_before_the_recovery_point_is_missed() -> None:
    assert THRESHOLDS.replication_lag_ms < OBJECTIVES.recovery_point_seconds * 1000
