"""A table can be restored since its recovery was switched on, but for no longer than its period."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.emulator.recovery_window import DAY_US, Window, carried, setting, window

NOW = 1_000 * DAY_US
days = st.integers(1, 35)
instants = st.integers(0, NOW)


def switched(enabled: bool, period: int | None = None) -> object:
    return setting({"PointInTimeRecoveryEnabled": enabled, "RecoveryPeriodInDays": period})


@given(instants, days)
def test_the_window_begins_when_it_was_switched_on_or_a_period_ago(since: int, period: int) -> None:
    earliest = Window(since, period).earliest(NOW)
    assert earliest in (since, NOW - period * DAY_US)
    assert earliest >= since
    assert earliest >= NOW - period * DAY_US


def test_what_is_switched_off_has_no_window() -> None:
    for pitr in (None, False, carried(None, False, NOW), carried({"since": 1, "days": 2}, None, NOW)):
        assert window(pitr) is None


def test_a_period_that_is_not_given_is_35_days() -> None:
    assert window(carried(False, switched(True), 7)) == Window(7, 35)


def test_recovery_that_an_older_journal_only_says_is_on_begins_there() -> None:
    assert window(carried(False, True, 7)) == Window(7, 35)


@given(instants, st.integers(0, DAY_US), days)
def test_what_stays_on_keeps_its_beginning(since: int, later: int, period: int) -> None:
    known = carried(False, switched(True, period), since)
    assert carried(known, switched(True, period), since + later) == known
    assert carried(known, known, since + later) == known


@given(instants, st.integers(1, DAY_US))
def test_switched_off_and_on_again_it_begins_anew(since: int, later: int) -> None:
    known = carried(False, switched(True), since)
    off = carried(known, switched(False), since + 1)
    assert window(carried(off, switched(True), since + later)) == Window(since + later, 35)


@given(days, days)
def test_a_longer_period_brings_nothing_back(short: int, long: int) -> None:
    known = carried(False, switched(True, short), 0)
    longer = window(carried(known, switched(True, long), NOW))
    assert longer
    assert longer.earliest(NOW) >= Window(0, short).earliest(NOW)
