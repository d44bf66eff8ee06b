"""Alarms on a metric of their own, and the data that are sent to it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack

MINUTE = 60


class Signals:
    """A stack of alarms on metrics of a namespace of its own, and the data that are sent to them."""

    def __init__(self, region: LoneRegion) -> None:
        self.stack = Stack(region)
        self.cloudwatch = self.stack.client("cloudwatch")
        self._namespace = f"Test{uuid4().hex[:8]}"
        self.started = time.time()

    def alarm(self, **differently: object) -> dict[str, Any]:
        properties = {
            "AlarmName": f"{self._namespace}-stop-eu-west-1",
            "Namespace": self._namespace,
            "MetricName": "Stop",
            "Dimensions": [{"Name": "Region", "Value": "eu-west-1"}],
            "Statistic": "Maximum",
            "Period": MINUTE,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        }
        kept = {key: value for key, value in {**properties, **differently}.items() if value is not None}
        return {"Type": "AWS::CloudWatch::Alarm", "Properties": kept}

    def create(self, **resources: dict[str, Any]) -> None:
        assert self.stack.create(resources, {name: {"Ref": name} for name in resources}) == "CREATE_COMPLETE"

    def send(self, value: float, *, minutes_ago: int = 0, region: str | None = "eu-west-1") -> None:
        at = datetime.fromtimestamp(self.started - minutes_ago * MINUTE, UTC)
        dimensions = [{"Name": "Region", "Value": region}] if region else []
        data = {"MetricName": "Stop", "Value": value, "Timestamp": at, "Dimensions": dimensions}
        self.cloudwatch.put_metric_data(Namespace=self._namespace, MetricData=[data])

    def send_many(self, values: int) -> None:
        data = {"MetricName": "Busy", "Values": [1.0] * values}
        self.cloudwatch.put_metric_data(Namespace=self._namespace, MetricData=[data])

    def count(self) -> float:
        hour = timedelta(hours=1)
        (found,) = self.cloudwatch.get_metric_statistics(
            Namespace=self._namespace,
            MetricName="Busy",
            Statistics=["SampleCount"],
            Period=2 * 3600,
            StartTime=datetime.now(UTC) - hour,
            EndTime=datetime.now(UTC) + hour,
        )["Datapoints"]
        return float(found["SampleCount"])

    def state(self, name: str = "One") -> str:
        kinds = ["MetricAlarm", "CompositeAlarm"]
        asked = [self.stack.outputs()[name]]
        found = self.cloudwatch.describe_alarms(AlarmNames=asked, AlarmTypes=kinds)
        (alarm,) = found["MetricAlarms"] + found["CompositeAlarms"]
        return str(alarm["StateValue"])
