"""An alarm is copied as Route 53 copies it, or refused; a Region that is gone has no data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from botocore.stub import Stubber

from pipeline.local.dns.alarm import Verdict, cloudwatch, read_data, read_metric
from pipeline.local.dns.metric import Metric
from pipeline.local.dns.zone import ZoneError
from tests.pipeline.local.dns.clouds import alarm
from tests.pipeline.local.dns.zones import stop_metric
from tests.ports import free_ports

ASKED = {"AlarmNames": ["stop-eu-west-1"], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
METRIC = stop_metric("eu-west-1")
RULE = "GreaterThanOrEqualToThreshold 1"


class Stubbed:
    """A client that answers one call."""

    def __init__(self) -> None:
        self.client = cast(Any, cloudwatch("eu-central-1", "http://127.0.0.1:1"))
        self.stubber = Stubber(self.client)

    def metric(self, **alarms: list[dict[str, Any]]) -> Metric:
        self.stubber.add_response("describe_alarms", alarms, ASKED)
        with self.stubber:
            return read_metric(self.client, "stop-eu-west-1")

    def data(self, now: float = 100) -> Verdict:
        with self.stubber:
            return read_data(self.client, METRIC, 6, now)


def test_what_a_health_check_copies_is_read_by_the_alarms_name() -> None:
    assert Stubbed().metric(MetricAlarms=[alarm("eu-west-1")]) == METRIC


def test_as_many_data_points_as_periods_are_no_m_out_of_n() -> None:
    assert Stubbed().metric(MetricAlarms=[alarm("eu-west-1", DatapointsToAlarm=1)]) == METRIC


MATH = [{"Id": "e", "Expression": "s / 2"}]


@pytest.mark.parametrize(
    ("differently", "words"),
    [
        ({"Metrics": MATH}, "calculates with metrics, which Route 53 does not take"),
        ({"Statistic": None, "ExtendedStatistic": "p99"}, "has an extended statistic, which Route 53 does"),
        ({"Period": 10}, r"has high resolution \(10 s\), which Route 53 does not take"),
        ({"EvaluationPeriods": 3, "DatapointsToAlarm": 2}, "needs 2 out of 3 periods, which Route 53 does"),
        ({"EvaluationPeriods": 2}, "needs 2 periods, which is not emulated here"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "compares by GreaterThanUpperThreshold, which"),
        ({"Dimensions": []}, "has a metric without dimensions, which is not emulated here"),
        ({"Dimensions": None}, "has a metric without dimensions, which is not emulated here"),
    ],
)
def test_an_alarm_that_no_health_check_can_use_is_refused(differently: dict[str, Any], words: str) -> None:
    with pytest.raises(ZoneError, match=f"^The alarm stop-eu-west-1 {words}"):
        Stubbed().metric(MetricAlarms=[alarm("eu-west-1", **differently)])


def test_an_alarm_of_metric_math_has_none_of_the_rest() -> None:
    fields = ("Namespace", "MetricName", "Dimensions", "Statistic", "Period")
    math = alarm("eu-west-1", Metrics=MATH, **dict.fromkeys(fields))
    with pytest.raises(ZoneError, match="calculates with metrics"):
        Stubbed().metric(MetricAlarms=[math])


def test_a_composite_alarm_is_refused() -> None:
    with pytest.raises(ZoneError, match=r"stop-eu-west-1 is a composite one, which Route 53 does not take"):
        Stubbed().metric(CompositeAlarms=[{"AlarmName": "stop-eu-west-1"}])


def test_an_alarm_that_is_not_there_is_said() -> None:
    with pytest.raises(ZoneError, match="There is no alarm stop-eu-west-1, which a health check names"):
        Stubbed().metric(MetricAlarms=[], CompositeAlarms=[])


def test_the_last_two_windows_since_the_epoch_are_asked_for() -> None:
    stubbed = Stubbed()
    asked = {
        "Namespace": "UsersRouting",
        "MetricName": "Stop",
        "Dimensions": [{"Name": "Service", "Value": "users"}, {"Name": "Region", "Value": "eu-west-1"}],
        "Statistics": ["Maximum"],
        "Period": 6,
        "StartTime": datetime.fromtimestamp(90, UTC),
        "EndTime": datetime.fromtimestamp(102, UTC),
    }
    stubbed.stubber.add_response("get_metric_statistics", {"Datapoints": []}, asked)
    assert stubbed.data(now=101.9) == (None, "no Stop was sent lately")


@pytest.mark.parametrize(
    ("before", "present", "verdict"),
    [
        (1, 0, (True, f"Stop is 0, not {RULE}")),
        (0, 1, (False, f"Stop is 1, {RULE}")),
        (1, None, (False, f"Stop is 1, {RULE}")),
    ],
)
def test_the_latest_window_with_data_counts_in_whatever_order_they_come(
    before: float, present: float | None, verdict: tuple[bool, str]
) -> None:
    points = [(96, present), (90, before)]
    found = [
        {"Timestamp": datetime.fromtimestamp(at, UTC), "Maximum": value}
        for at, value in points
        if value is not None
    ]
    for answer in (found, found[::-1]):
        stubbed = Stubbed()
        stubbed.stubber.add_response("get_metric_statistics", {"Datapoints": answer})
        assert stubbed.data() == verdict


def test_data_from_before_a_time_are_not_asked_for() -> None:
    class Asked:
        def get_metric_statistics(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
            starts.append(asked["StartTime"].timestamp())
            return {"Datapoints": []}

    starts: list[float] = []
    for since in (0, 93.5):
        read_data(cast(Any, Asked()), METRIC, 6, 100, since)
    assert starts == [90, 93.5]


def test_a_region_that_refuses_is_no_data() -> None:
    stubbed = Stubbed()
    stubbed.stubber.add_client_error("get_metric_statistics", "InternalServiceFault", http_status_code=500)
    assert stubbed.data() == (None, "the metric cannot be read: ClientError")


def test_an_answer_without_what_was_asked_for_is_no_data() -> None:
    class Dying:
        def get_metric_statistics(self, **_: object) -> dict[str, Any]:
            return {}

    said = read_data(cast(Any, Dying()), METRIC, 6, 100)
    assert said == Verdict(None, "the metric cannot be read: KeyError")


def test_a_region_that_is_gone_is_no_data() -> None:
    client = cloudwatch("eu-central-1", f"http://127.0.0.1:{free_ports(1)}")
    assert read_data(client, METRIC, 6, 0) == (None, "the metric cannot be read: EndpointConnectionError")
