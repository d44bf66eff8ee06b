"""A health check follows the data that an emulated Region has, not the state of the alarm there."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from pipeline.local.dns.alarm import read_data, read_metric
from pipeline.local.dns.deployed import source
from pipeline.local.dns.zone import ZoneError
from tests.conftest import LoneRegion
from tests.pipeline.local.dns.zones import stop_metric
from tests.pipeline.local.emulator.clouds import session
from tests.pipeline.local.emulator.signals import Signals

STOP, START = 1, 0
TIME_SCALE = 10
WINDOW_S = 6
METRIC = stop_metric("eu-west-1")


class Switch:
    """A stop alarm of a namespace of its own in the Region, and the values that are sent to it.

    Times are seconds after a whole minute.
    """

    def __init__(self, region: LoneRegion) -> None:
        self.client = session(region.place.name).client("cloudwatch", endpoint_url=region.place.aws_url)
        self.name = f"stop-{uuid4().hex[:8]}"
        self._minute = time.time() // 60 * 60
        self.put()

    def put(self, **differently: object) -> None:
        alarm = {
            "AlarmName": self.name,
            "Namespace": self.name,
            "MetricName": "Stop",
            "Dimensions": self._dimensions("eu-west-1"),
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        }
        self.client.put_metric_alarm(**{**alarm, **differently})

    def send(self, value: float, at: float, region: str = "eu-west-1") -> None:
        data = {
            "MetricName": "Stop",
            "Value": value,
            "Timestamp": datetime.fromtimestamp(self._minute + at, UTC),
            "Dimensions": self._dimensions(region),
        }
        self.client.put_metric_data(Namespace=self.name, MetricData=[data])

    def ok(self, at: float) -> bool | None:
        metric = read_metric(self.client, self.name)
        assert metric.window_s(TIME_SCALE) == WINDOW_S
        return read_data(self.client, metric, WINDOW_S, self._minute + at).ok

    def _dimensions(self, region: str) -> list[dict[str, str]]:
        return [{"Name": "Service", "Value": "users"}, {"Name": "Region", "Value": region}]


@pytest.fixture
def switch(lone_region: LoneRegion) -> Switch:
    return Switch(lone_region)


def test_silence_says_nothing(switch: Switch) -> None:
    assert switch.ok(at=0) is None


def test_a_stop_counts_at_once_and_through_the_next_window(switch: Switch) -> None:
    switch.send(STOP, at=5)
    assert [switch.ok(at) for at in (5, 6, 11.9)] == [False, False, False]
    assert switch.ok(at=12) is None


def test_a_start_in_a_later_window_ends_a_stop(switch: Switch) -> None:
    switch.send(STOP, at=5.9)
    switch.send(START, at=6)
    assert switch.ok(at=6) is True


def test_a_start_in_the_window_of_a_stop_is_lost(switch: Switch) -> None:
    switch.send(STOP, at=0)
    switch.send(START, at=5.9)
    assert [switch.ok(at) for at in (5.9, 11)] == [False, False]


def test_what_was_sent_before_the_last_two_windows_is_not_looked_at(switch: Switch) -> None:
    switch.send(STOP, at=5.9)
    assert switch.ok(at=12.1) is None


@pytest.mark.parametrize("order", [("eu-west-1", "eu-central-1"), ("eu-central-1", "eu-west-1")])
def test_the_signal_of_another_region_does_not_count(switch: Switch, order: tuple[str, str]) -> None:
    for region in order:
        switch.send(START if region == "eu-west-1" else STOP, at=0, region=region)
    assert switch.ok(at=0) is True


def test_whoever_sets_the_state_of_the_alarm_turns_nothing(switch: Switch) -> None:
    switch.put(TreatMissingData="ignore")
    switch.send(START, at=-600)
    switch.client.set_alarm_state(AlarmName=switch.name, StateValue="ALARM", StateReason="by hand")
    (alarm,) = switch.client.describe_alarms(AlarmNames=[switch.name])["MetricAlarms"]
    assert (alarm["StateValue"], switch.ok(at=-600)) == ("ALARM", True)


def test_what_route_53_would_refuse_is_refused_as_the_emulator_tells_of_it(switch: Switch) -> None:
    switch.put(EvaluationPeriods=3, DatapointsToAlarm=2)
    with pytest.raises(ZoneError, match="needs 2 out of 3 periods"):
        switch.ok(at=0)
    switch.put(Period=10)
    with pytest.raises(ZoneError, match="has high resolution"):
        switch.ok(at=0)
    switch.client.delete_alarms(AlarmNames=[switch.name])
    with pytest.raises(ZoneError, match="There is no alarm"):
        switch.ok(at=0)


def test_the_alarm_of_a_template_is_copied_through_the_client_of_its_region(lone_region: LoneRegion) -> None:
    signals, cloudwatch = Signals(lone_region), source(lone_region.place).cloudwatch
    math = [{"Id": "s", "Expression": "1 + 1"}]
    one_metric = dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic", "Period"))
    name = f"{signals.stack.name}-math"
    signals.create(One=signals.alarm(), Math=signals.alarm(AlarmName=name, Metrics=math, **one_metric))
    metric = read_metric(cloudwatch, signals.stack.outputs()["One"])
    assert metric == replace(METRIC, namespace=metric.namespace, dimensions=(("Region", "eu-west-1"),))
    signals.send(STOP)
    assert read_data(cloudwatch, metric, WINDOW_S, signals.started).ok is False
    with pytest.raises(ZoneError, match=f"{name} calculates with metrics"):
        read_metric(cloudwatch, name)
    assert signals.stack.delete() == "DELETE_COMPLETE"


def test_a_composite_alarm_is_refused_as_the_emulator_tells_of_it(switch: Switch) -> None:
    both = f"{switch.name}-both"
    switch.client.put_composite_alarm(AlarmName=both, AlarmRule=f'ALARM("{switch.name}")')
    with pytest.raises(ZoneError, match="is a composite one"):
        read_metric(switch.client, both)
