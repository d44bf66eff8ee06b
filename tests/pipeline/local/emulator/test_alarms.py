"""An alarm has the state that CloudWatch would give it, from data of its own dimensions and periods."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack
from tests.pipeline.local.emulator.signals import Signals


@pytest.fixture
def signals(lone_region: LoneRegion) -> Iterator[Signals]:
    signals = Signals(lone_region)
    yield signals
    assert signals.stack.delete() == "DELETE_COMPLETE"


def test_a_signal_raises_the_alarm_and_a_later_one_ends_it(signals: Signals) -> None:
    signals.create(One=signals.alarm())
    assert signals.state() == "INSUFFICIENT_DATA"
    signals.send(1, minutes_ago=1)
    assert signals.state() == "ALARM"
    signals.send(0)
    assert signals.state() == "OK"


def test_an_alarm_that_looks_where_no_data_are_has_not_enough(signals: Signals) -> None:
    signals.create(One=signals.alarm())
    signals.send(1)
    assert signals.state() == "ALARM"
    elsewhere = {"One": signals.alarm(MetricName="Nothing")}
    assert signals.stack.update(elsewhere, {"One": {"Ref": "One"}}) == "UPDATE_COMPLETE"
    assert signals.state() == "INSUFFICIENT_DATA"


def test_the_higher_one_of_a_minute_counts(signals: Signals) -> None:
    signals.create(One=signals.alarm())
    signals.send(0)
    signals.send(1)
    assert signals.state() == "ALARM"


@pytest.mark.parametrize("region", ["eu-central-1", None])
def test_the_signal_of_another_region_is_another_metric(signals: Signals, region: str | None) -> None:
    signals.create(One=signals.alarm())
    signals.send(1, region=region)
    assert signals.state() == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("treatment", "state"),
    [
        (None, "INSUFFICIENT_DATA"),
        ("missing", "INSUFFICIENT_DATA"),
        ("ignore", "INSUFFICIENT_DATA"),
        ("notBreaching", "OK"),
        ("breaching", "ALARM"),
    ],
)
def test_without_lately_sent_data_the_treatment_decides(
    signals: Signals, treatment: str | None, state: str
) -> None:
    signals.send(1, minutes_ago=10)
    signals.create(One=signals.alarm(TreatMissingData=treatment))
    assert signals.state() == state


@pytest.mark.parametrize(
    ("values", "treatment", "state"),
    [
        ([1, 0, 1], "missing", "ALARM"),
        ([0, 0, 1], "missing", "OK"),
        ([None, None, 1], "missing", "ALARM"),
        ([None, 0, 1], "missing", "OK"),
        ([None, None, 1], "notBreaching", "OK"),
        ([None, 0, 1], "breaching", "ALARM"),
        ([None, 0, 1], "ignore", "INSUFFICIENT_DATA"),
        ([None, 1, 1], "ignore", "ALARM"),
    ],
)
def test_two_of_three_periods_raise_it(
    signals: Signals, values: list[float | None], treatment: str, state: str
) -> None:
    for minutes_ago, value in enumerate(reversed(values)):
        if value is not None:
            signals.send(value, minutes_ago=minutes_ago)
    signals.create(One=signals.alarm(EvaluationPeriods=3, DatapointsToAlarm=2, TreatMissingData=treatment))
    assert signals.state() == state


def test_each_period_is_looked_at_by_itself(signals: Signals) -> None:
    for minutes_ago, value in enumerate([2, 2, 60]):
        signals.send(value, minutes_ago=minutes_ago)
    statistic = {"Statistic": "Average", "Threshold": 10, "EvaluationPeriods": 3, "DatapointsToAlarm": 2}
    signals.create(One=signals.alarm(**statistic))
    assert signals.state() == "OK"


def test_old_data_of_a_busy_metric_are_forgotten(signals: Signals) -> None:
    signals.create(One=signals.alarm())
    signals.send_many(6_000)
    assert signals.count() == 5_000


def test_a_composite_alarm_follows_its_children(signals: Signals) -> None:
    rule = {"Fn::Sub": 'ALARM("${One}") AND NOT ALARM("${Two}")'}
    composite = {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": rule}}
    other = [{"Name": "Region", "Value": "eu-central-1"}]
    two = signals.alarm(AlarmName=f"{signals.stack.name}-two", Dimensions=other)
    signals.create(One=signals.alarm(), Two=two, Both=composite)
    assert signals.state("Both") == "OK"
    signals.send(1)
    assert signals.state("Both") == "ALARM"
    signals.send(1, region="eu-central-1")
    assert signals.state("Both") == "OK"

    turned = {"Fn::Sub": 'ALARM("${One}") AND ALARM("${Two}")'}
    changed = {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": turned}}
    name, resources = signals.stack.outputs()["Both"], {"One": signals.alarm(), "Two": two, "Both": changed}
    signals.stack.update(
        resources, {**{n: {"Ref": n} for n in resources}, "Arn": {"Fn::GetAtt": ["Both", "Arn"]}}
    )
    assert signals.stack.outputs()["Both"] == name
    assert signals.stack.outputs()["Arn"].endswith(f":alarm:{name}")
    assert signals.state("Both") == "ALARM"


def test_a_composite_alarm_of_nobody_fails_the_stack(lone_region: LoneRegion) -> None:
    stack = Stack(lone_region)
    properties = {"AlarmRule": 'ALARM("nobody")'}
    composite = {"One": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": properties}}
    assert stack.create(composite) == "ROLLBACK_COMPLETE"
    assert "in the alarm rule do not exist" in stack.reasons()


def test_an_alarm_of_an_expression_is_kept_as_it_is_and_without_data(signals: Signals) -> None:
    sum_ = {"Metric": {"MetricName": "Stop", "Namespace": "Any"}, "Period": 60, "Stat": "Sum"}
    metrics = [{"Id": "s", "MetricStat": sum_, "ReturnData": False}, {"Id": "e", "Expression": "s / 2"}]
    one_metric = dict.fromkeys(["Namespace", "MetricName", "Dimensions", "Statistic", "Period"])
    signals.create(One=signals.alarm(Metrics=metrics, TreatMissingData="notBreaching", **one_metric))
    name = signals.stack.outputs()["One"]
    (alarm,) = signals.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert [metric["Id"] for metric in alarm["Metrics"]] == ["s", "e"]
    assert alarm["Metrics"][1]["Expression"] == "s / 2"
    assert (alarm["StateValue"], alarm["Threshold"], "MetricName" in alarm) == ("OK", 1.0, False)
