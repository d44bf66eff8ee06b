"""An alarm as Route 53 uses it: what a health check copies of it once, and what its data say from then on.

The state of the alarm is never asked after: whoever sets it (SetAlarmState) turns no health check.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.local.dns.metric import COMPARISONS, STATISTICS, Metric
from pipeline.local.dns.zone import ZoneError

WAIT_S = 2.0
AGENT = "route53-health-checks"  # in the User-Agent of what are no calls on AWS, but Route 53's own look
STANDARD_RESOLUTION_S = 60


class Verdict(NamedTuple):
    """Whether the data speak for health, None where there are none, and why."""

    ok: bool | None
    reason: str


class CloudWatch(Protocol):
    """What is asked of a CloudWatch client."""

    def describe_alarms(self, *, AlarmNames: Sequence[str], AlarmTypes: Sequence[str]) -> Mapping[str, Any]:  # noqa: N803
        """Return the alarms that have these names."""
        ...

    def get_metric_statistics(
        self,
        *,
        Namespace: str,  # noqa: N803
        MetricName: str,  # noqa: N803
        Dimensions: Sequence[Mapping[str, str]],  # noqa: N803
        Statistics: Sequence[str],  # noqa: N803
        Period: int,  # noqa: N803
        StartTime: datetime,  # noqa: N803
        EndTime: datetime,  # noqa: N803
    ) -> Mapping[str, Any]:
        """Return a data point for each period that has data."""
        ...


def cloudwatch(region: str, url: str, wait_s: float = WAIT_S) -> CloudWatch:
    """Return a client of a Region; a call waits at most `wait_s` to connect, and as long for the answer."""
    client: CloudWatch = boto3.session.Session().client(
        "cloudwatch",
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="000000000000",
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks none
        config=Config(
            connect_timeout=wait_s,
            read_timeout=wait_s,
            retries={"total_max_attempts": 1},
            proxies={},
            user_agent_extra=AGENT,
        ),
    )
    return client


def read_metric(client: CloudWatch, name: str) -> Metric:
    """Return what a health check copies of the alarm.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html

    Raises:
        ZoneError: there is no such alarm, Route 53 would refuse it, or it is not emulated.
        BotoCoreError, ClientError: the Region does not answer.
    """
    found = client.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    if found.get("CompositeAlarms"):
        raise ZoneError(f"The alarm {name} is a composite one, which Route 53 does not take")
    if not found.get("MetricAlarms"):
        raise ZoneError(f"There is no alarm {name}, which a health check names")
    (alarm,) = found["MetricAlarms"]
    if reason := _unusable(alarm):
        raise ZoneError(f"The alarm {name} {reason}")
    return Metric(
        namespace=alarm["Namespace"],
        name=alarm["MetricName"],
        dimensions=tuple((each["Name"], each["Value"]) for each in alarm["Dimensions"]),
        statistic=alarm["Statistic"],
        period_s=alarm["Period"],
        comparison=alarm["ComparisonOperator"],
        threshold=alarm["Threshold"],
    )


def read_data(client: CloudWatch, metric: Metric, window_s: int, now: float, since: float = 0.0) -> Verdict:
    """Return what the latest of the last two windows that has data says; a Region that is gone has none.

    Windows follow each other from the epoch on, as periods do in CloudWatch, and the present one is the last.

    Args:
        window_s: how long a window is, in whole seconds.
        now: the time, in seconds since the epoch.
        since: data from before this time are left out.
    """
    present = now // window_s * window_s
    try:
        found = client.get_metric_statistics(
            Namespace=metric.namespace,
            MetricName=metric.name,
            Dimensions=[{"Name": name, "Value": value} for name, value in metric.dimensions],
            Statistics=[metric.statistic],
            Period=window_s,
            StartTime=datetime.fromtimestamp(max(present - window_s, since), UTC),
            EndTime=datetime.fromtimestamp(present + window_s, UTC),
        )["Datapoints"]
    except (BotoCoreError, ClientError, KeyError) as error:  # a Region that dies answers in part, or nothing
        return Verdict(None, f"the metric cannot be read: {type(error).__name__}")
    if not found:
        return Verdict(None, f"no {metric.name} was sent lately")
    value = float(max(found, key=lambda point: point["Timestamp"])[metric.statistic])
    breached = metric.breached_by(value)
    rule = f"{'' if breached else 'not '}{metric.comparison} {metric.threshold:g}"
    return Verdict(not breached, f"{metric.name} is {value:g}, {rule}")


def _unusable(alarm: Mapping[str, Any]) -> str | None:
    """Return why a health check cannot use the alarm, None if it can."""
    periods, period_s = alarm["EvaluationPeriods"], alarm.get("Period", STANDARD_RESOLUTION_S)
    needed = alarm.get("DatapointsToAlarm", periods)
    refused = {
        "calculates with metrics": bool(alarm.get("Metrics")),
        "has an extended statistic": alarm.get("Statistic") not in STATISTICS,
        f"has high resolution ({period_s} s)": period_s < STANDARD_RESOLUTION_S,
        f"needs {needed} out of {periods} periods": needed != periods,
        f"compares by {alarm['ComparisonOperator']}": alarm["ComparisonOperator"] not in COMPARISONS,
    }
    not_emulated = {
        f"needs {periods} periods": periods != 1,
        # The emulator takes a question without dimensions for one about the data of all.
        "has a metric without dimensions": not alarm.get("Dimensions"),
    }
    reasons = [f"{fault}, which Route 53 does not take" for fault, there in refused.items() if there]
    reasons += [f"{fault}, which is not emulated here" for fault, there in not_emulated.items() if there]
    return reasons[0] if reasons else None
