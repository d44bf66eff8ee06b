"""Health checks turn by Route 53's rules, and no earlier."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.dns.health import (
    FRESH,
    HEALTHY,
    LAST_KNOWN_STATUS,
    UNHEALTHY,
    AlarmCheck,
    CalculatedCheck,
    Health,
    HealthCheck,
)
from tests.pipeline.local.dns.zones import endpoint, stop_metric

API = endpoint("eu-west-1", id="api")
ALARM = AlarmCheck(
    id="alarm",
    alarm="stop",
    region="eu-central-1",
    metric=stop_metric("eu-west-1"),
    without_data=LAST_KNOWN_STATUS,
)


def after(check: HealthCheck, *results: bool | None) -> list[bool]:
    """Return what a check is when it is fresh, and after each result."""
    health = Health([check])
    found = [health.is_healthy(check.id)]
    for result in results:
        health.observe(check.id, result, "seen")
        found.append(health.is_healthy(check.id))
    return found


def test_a_fresh_check_is_healthy_and_a_fresh_inverted_one_is_not() -> None:
    assert [after(check) for check in (API, replace(API, inverted=True))] == [[True], [False]]
    assert [after(check) for check in (ALARM, replace(ALARM, inverted=True))] == [[True], [False]]


def test_as_many_failures_in_a_row_as_the_threshold_turn_an_endpoint_unhealthy() -> None:
    assert after(API, False, False, False) == [True, True, True, False]


def test_as_many_successes_in_a_row_turn_it_healthy_again() -> None:
    assert after(API, *[False] * 3, *[True] * 3)[-4:] == [False, False, False, True]


def test_one_result_the_other_way_begins_the_count_anew() -> None:
    assert all(after(API, False, False, True, False, False, True, False, False))
    assert not any(after(API, *[False] * 3, True, True, False, True, True)[3:])


def test_an_inverted_endpoint_is_the_opposite_at_every_step() -> None:
    results = [False, False, False, True, True, True]
    inverted = after(replace(API, inverted=True), *results)
    assert inverted == [not healthy for healthy in after(API, *results)]


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 10))
def test_an_endpoint_is_what_the_last_run_of_threshold_results_said(
    results: list[bool], threshold: int
) -> None:
    check = replace(API, failure_threshold=threshold)
    runs = (results[end - threshold : end] for end in range(len(results), threshold - 1, -1))
    expected = next((run[0] for run in runs if len(set(run)) == 1), True)
    assert after(check, *results)[-1] == expected


@pytest.mark.parametrize("check", [API, ALARM, CalculatedCheck(id="sum", children=(), threshold=1)])
@pytest.mark.parametrize("inverted", [True, False])
def test_a_disabled_check_is_healthy_unless_inverted(check: HealthCheck, inverted: bool) -> None:
    results = [] if isinstance(check, CalculatedCheck) else [False] * 5
    assert set(after(replace(check, disabled=True, inverted=inverted), *results)) == {not inverted}


def test_a_result_that_comes_late_for_a_disabled_check_is_dropped() -> None:
    health = Health([replace(API, disabled=True)])
    health.observe("api", False, "refused")
    assert health.status("api") == FRESH


@pytest.mark.parametrize(
    ("without_data", "results", "healthy"),
    [
        (LAST_KNOWN_STATUS, [None], True),
        (LAST_KNOWN_STATUS, [True, None], True),
        (LAST_KNOWN_STATUS, [False, None, None], False),
        (LAST_KNOWN_STATUS, [False, None, True], True),
        (HEALTHY, [False, None], True),
        (HEALTHY, [False], False),
        (UNHEALTHY, [None], False),
        (UNHEALTHY, [True, None], False),
        (UNHEALTHY, [None, True], True),
    ],
)
def test_an_alarm_turns_its_check_at_once_and_without_data_as_it_is_told(
    without_data: str, results: list[bool | None], healthy: bool
) -> None:
    assert after(replace(ALARM, without_data=without_data), *results)[-1] == healthy


@given(st.lists(st.booleans(), max_size=6), st.integers(0, 8), st.booleans())
def test_a_calculated_check_counts_its_healthy_children(
    children: list[bool], threshold: int, inverted: bool
) -> None:
    alarms = [replace(ALARM, id=str(number)) for number in range(len(children))]
    total = CalculatedCheck(
        id="sum", children=tuple(alarm.id for alarm in alarms), threshold=threshold, inverted=inverted
    )
    health = Health([total, *alarms])
    for alarm, good in zip(alarms, children, strict=True):
        health.observe(alarm.id, good, "seen")
    assert health.is_healthy("sum") == ((children.count(True) >= threshold) != inverted)


@pytest.mark.parametrize(("threshold", "healthy"), [(0, True), (1, False), (3, False)])
def test_a_threshold_of_none_is_always_met_and_one_above_the_children_never(
    threshold: int, healthy: bool
) -> None:
    sick = replace(ALARM, disabled=True, inverted=True)
    total = CalculatedCheck(id="sum", children=("alarm", "alarm"), threshold=threshold)
    assert Health([total, sick]).is_healthy("sum") == healthy
    well = replace(ALARM, disabled=True)
    assert Health([total, well]).is_healthy("sum") == (threshold < 3)


def test_children_count_as_they_are_inverted_and_disabled() -> None:
    children = [
        replace(API, id="inverted", inverted=True),
        replace(API, id="disabled", disabled=True),
        replace(ALARM, id="alarm"),
    ]
    names = tuple(child.id for child in children)
    total = CalculatedCheck(id="sum", children=names, threshold=3)
    health = Health([*children, total])
    assert not health.is_healthy("sum")
    for _ in range(3):
        health.observe("inverted", False, "refused")
        health.observe("disabled", False, "nobody asked")
    assert health.is_healthy("sum")


def test_a_calculated_check_can_be_a_child() -> None:
    inner = CalculatedCheck(id="inner", children=("alarm",), threshold=1)
    outer = CalculatedCheck(id="outer", children=("inner",), threshold=1, inverted=True)
    health = Health([outer, inner, ALARM])
    assert not health.is_healthy("outer")
    health.observe("alarm", False, "ALARM")
    assert health.is_healthy("outer")


def test_an_unchanged_check_keeps_its_state_and_its_count_over_a_deployment() -> None:
    before = Health([API, ALARM])
    for _ in range(2):
        before.observe("api", False, "refused")
    before.observe("alarm", False, "ALARM")
    health = Health([API, replace(ALARM, alarm="another")], before=before)
    assert health.is_healthy("alarm")
    assert (health.status("api").against, health.status("api").reason) == (2, "refused")
    health.observe("api", False, "refused")
    assert not health.is_healthy("api")


def test_a_result_that_comes_late_for_a_check_that_is_gone_is_dropped() -> None:
    health = Health([API])
    health.observe("gone", False, "refused")
    assert health.checks.keys() == {"api"}


def test_a_calculated_check_is_not_observed() -> None:
    with pytest.raises(TypeError, match="sum is calculated"):
        Health([CalculatedCheck(id="sum", children=(), threshold=0)]).observe("sum", True, "?")
