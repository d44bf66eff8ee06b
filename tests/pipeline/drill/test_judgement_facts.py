"""The facts of a drill are taken from its diary, its scenario and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import LOCAL
from pipeline.drill.attempt import ClientKind
from pipeline.drill.diary import Line
from tests.pipeline.drill.left import ALLOWANCE_S, RESTORED_AT, WAIT, WHOLE, Left, began, ended, lag, restored
from tests.pipeline.drill.made import HERE, THERE, T
from tests.pipeline.drill.short import BREAK, DIE, HEAL, short


@pytest.fixture
def left(tmp_path: Path) -> Left:
    return Left(tmp_path)


def test_the_outage_is_from_where_its_step_begins_to_where_that_which_mends_it_ends(left: Left) -> None:
    scenario = replace(short(), steps=(WAIT, BREAK, WAIT, HEAL))
    steps = [
        line for number in range(4) for line in (began(number, T + number), ended(number, T + number + 0.5))
    ]
    facts = left.facts(scenario, *steps, restored())
    assert (facts.fault_at, facts.healed_at) == (T + 1, T + 3.5)
    assert (facts.scenario, facts.primary, facts.secondary) == ("short", HERE, THERE)


def test_a_fault_that_struck_later_than_its_step_began_counts_from_then(left: Left) -> None:
    facts = left.facts(short(), began(0, T), ended(0, T + 9, struck_at=T + 5), *WHOLE[2:])
    assert facts.fault_at == T + 5


def test_a_drill_that_died_is_healed_when_its_watchdog_had_restored(left: Left) -> None:
    found = left.judged(
        replace(short(), steps=(BREAK, DIE)), began(0, T), began(1, T + 1), restored("watchdog")
    )
    assert found.evidence.facts.healed_at == RESTORED_AT
    assert found.restored_by == "watchdog"


@pytest.mark.parametrize(
    ("lags", "window_s"),
    [
        ([lag(T - 5, 2.5), lag(T - 4, 1.5)], 3.5),
        ([lag(T - 11, 9), lag(T - 1, 0.5), lag(T + 1, 7), lag(T - 2, 8, source=THERE)], 1.5),
        ([], 1),
    ],
    ids=["the longest", "just before, and of the primary", "never measured"],
)
def test_what_may_be_lost_is_what_replication_was_behind_when_the_disk_went(
    left: Left, lags: Sequence[Line], window_s: float
) -> None:
    assert left.facts(short(loses_disk=True), *lags, *WHOLE).loss_window_s == window_s


def test_nothing_may_be_lost_where_the_disk_survives(left: Left) -> None:
    facts = left.facts(short(), lag(T - 5, 2.5), *WHOLE)
    assert (facts.loss_window_s, facts.objectives.rpo_s) == (0, 0)


def test_objectives_are_those_of_the_deployment_at_the_time_scale_with_an_allowance(left: Left) -> None:
    aims = left.facts(short(gate=True, loses_disk=True), *WHOLE).objectives
    promised = LOCAL.objectives.recovery_time_seconds
    assert aims.rto_s == {
        ClientKind.OBEYS_TTL: promised / 10 + ALLOWANCE_S,
        ClientKind.KEEPS_CONNECTIONS: promised / 10 + ALLOWANCE_S,
        ClientKind.CACHES_DNS: (promised + 15) / 10 + ALLOWANCE_S,
    }
    assert aims.rpo_s == LOCAL.objectives.recovery_point_seconds
    assert aims.held_s is None


def test_recovery_is_not_held_to_anything_without_a_gate(left: Left) -> None:
    assert left.facts(short(), *WHOLE).objectives.rto_s == {}


def test_no_scale_divides_what_fences_and_functions_take_of_a_refusal(left: Left) -> None:
    aims = left.facts(short(longest_refusal_seconds=60), *WHOLE).objectives
    undivided = 2 * 5 + LOCAL.functions.size.timeout_seconds
    assert aims.held_s == pytest.approx((60 - undivided) / 10 + ALLOWANCE_S + undivided)


def test_a_client_counts_as_served_after_as_long_as_the_time_scale_has_it(left: Left) -> None:
    assert left.facts(short(), *WHOLE).sustained.seconds == 1
