"""Each kind of number is written in one way, and a miss never looks like a success."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.drill.objective import Objective
from pipeline.drill.report import figures
from pipeline.drill.report.figures import MINUS, NONE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, NONE),
        (float("inf"), NONE),
        (0, "0 s"),
        (0.0042, "4.2 ms"),
        (0.04, "40 ms"),
        (0.9996, "1.00 s"),
        (3.42, "3.42 s"),
        (9.999, "10.0 s"),
        (74.31, "74.3 s"),
        (599.96, "10 min 0 s"),
        (724, "12 min 4 s"),
        (-2.5, f"{MINUS}2.50 s"),
    ],
)
def test_durations(value: float | None, text: str) -> None:
    assert figures.seconds(value) == text


@pytest.mark.parametrize(
    ("at", "text"), [(112.34, "+12.3 s"), (96, f"{MINUS}4.0 s"), (100, "+0.0 s"), (99.99, "+0.0 s")]
)
def test_moments_by_their_distance_from_the_fault(at: float, text: str) -> None:
    assert figures.since(at, 100) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, NONE),
        (1, "100 %"),
        (0.99999, "> 99.9 %"),
        (0.9952, "99.5 %"),
        (0.5, "50 %"),
        (0.00001, "< 0.1 %"),
        (0, "0 %"),
    ],
)
def test_only_all_is_all_and_only_nothing_is_nothing(share: float | None, text: str) -> None:
    assert figures.percent(share) == text


def test_counts_and_ticks() -> None:
    assert figures.count(1234567) == "1,234,567"
    assert [figures.tick(value) for value in (-20, 0.5, 100)] == [f"{MINUS}20", "0.5", "100"]


def test_instants_are_utc_as_rfc_3339_has_them() -> None:
    text = figures.instant(1_900_000_000.1234)
    assert text == "2030-03-17T17:46:40.123Z"
    assert datetime.fromisoformat(text) == datetime(2030, 3, 17, 17, 46, 40, 123_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("measured", "text"),
    [(None, "not reached"), (74.31, "74.3 s"), (120, "120 s"), (120.004, "120.004 s"), (1500, "1,500 s")],
)
def test_a_miss_is_not_rounded_to_the_limit(measured: float | None, text: str) -> None:
    objective = Objective(name="RTO", measured=measured, limit=120, unit="s")
    assert figures.measured(objective) == text
    assert figures.limit(objective) == "≤ 120 s"
