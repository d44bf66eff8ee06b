"""When a Region counts as quiet after a change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.quiet import SETTLE_MINUTES, Alarms, Loud

BEGIN = 1_000_000.0


@dataclass(kw_only=True)
class Watch:
    """CloudWatch with alarms that are raised for spans of seconds since the beginning, and its time."""

    raised: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    names: Sequence[str] = ("BetaPrimary-Api-Errors",)
    seconds: float = BEGIN

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def get_paginator(self, _operation: str) -> "Watch":
        return self

    def paginate(self, *, AlarmNamePrefix: str, AlarmTypes: Sequence[str]) -> Sequence[Any]:  # noqa: N803
        assert set(AlarmTypes) == {"MetricAlarm", "CompositeAlarm"}
        found = [self._alarm(name) for name in self.names if name.startswith(AlarmNamePrefix)]
        return [{"MetricAlarms": found, "CompositeAlarms": []}]

    def _alarm(self, name: str) -> Mapping[str, Any]:
        begin, end = self.raised.get(name, (0.0, 0.0))
        raised = BEGIN + begin <= self.seconds < BEGIN + end
        since = datetime.fromtimestamp(BEGIN + begin, UTC)
        return {
            "AlarmName": name,
            "StateValue": "ALARM" if raised else "OK",
            "StateTransitionedTimestamp": since,
        }


def baked(watch: Watch, seconds: int = 600, apart: Sequence[str] = ()) -> Callable[[], None]:
    alarms = Alarms(
        cloudwatch=watch, prefixes=["BetaPrimary-"], apart=apart, now=watch.now, sleep=watch.sleep
    )
    return lambda: alarms.stay_quiet(seconds=seconds)


def test_a_region_without_alarms_is_quiet_after_the_time_that_was_asked_for() -> None:
    watch = Watch()
    baked(watch)()
    assert watch.seconds == BEGIN + 600


def test_a_short_time_is_looked_at_often() -> None:
    watch = Watch(raised={"BetaPrimary-Api-Errors": (2, 3)})
    with pytest.raises(Loud, match="Raised since the bake began"):
        baked(watch, seconds=5)()
    assert watch.seconds == BEGIN + 2


def test_an_alarm_of_what_no_release_changes_is_left_out_and_would_end_it_otherwise() -> None:
    stale = "BetaPrimary-Backup-Stale"
    watch = Watch(names=("BetaPrimary-Api-Errors", stale), raised={stale: (-10_000, 10_000)})
    baked(watch, apart=["BetaPrimary-Backup-"])()
    assert watch.seconds == BEGIN + 600
    with pytest.raises(Loud, match="Raised before the bake began and still: BetaPrimary-Backup-Stale"):
        baked(watch)()


def test_alarms_that_are_all_left_out_are_none() -> None:
    with pytest.raises(Loud, match="There is no alarm"):
        baked(Watch(names=("BetaPrimary-Backup-Stale",)), apart=["BetaPrimary-Backup-"])()


def test_an_alarm_that_is_raised_by_the_change_ends_it_at_once() -> None:
    watch = Watch(raised={"BetaPrimary-Api-Errors": (120, 10_000)})
    with pytest.raises(Loud, match="Raised since the bake began: BetaPrimary-Api-Errors"):
        baked(watch)()
    assert watch.seconds == BEGIN + 120


def test_an_alarm_from_before_may_end_and_then_the_time_begins() -> None:
    watch = Watch(raised={"BetaPrimary-Api-Errors": (-300, 300)})
    baked(watch)()
    assert BEGIN + 840 <= watch.seconds <= BEGIN + 900


def test_an_alarm_from_before_that_stays_ends_it() -> None:
    watch = Watch(raised={"BetaPrimary-Api-Errors": (-300, 10_000)})
    with pytest.raises(Loud, match="Raised before the bake began and still"):
        baked(watch)()
    assert watch.seconds <= BEGIN + 60 * SETTLE_MINUTES + 60


def test_alarms_that_are_not_there_are_not_quiet() -> None:
    with pytest.raises(Loud, match="There is no alarm whose name begins with BetaPrimary-"):
        baked(Watch(names=("ProdPrimary-Api-Errors",)))()
