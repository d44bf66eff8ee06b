"""What CloudWatch has of replication and of health checks, by GetMetricData, a call of its data plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.drill.timeline import HealthChanged

# DynamoDB aggregates this one over five minutes
# (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html).
LAG_PERIOD_S = 300
LAG_SEEN_S = 900.0
HEALTH_PERIOD_S = 60
# Where the metrics of health checks are, whatever they check
# (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html).
HEALTH_REGION = "us-east-1"

Point = tuple[float, float]


def lag_s(cloudwatch: Any, *, table: str, receiving: str, now: float) -> float | None:  # noqa: ANN401 - boto3
    """Return how many seconds the last writes took into another Region, None where nothing is known.

    Raises botocore's errors.
    """
    found = points(
        cloudwatch,
        namespace="AWS/DynamoDB",
        metric="ReplicationLatency",
        dimensions={"TableName": table, "ReceivingRegion": receiving},
        statistic="Average",
        period_s=LAG_PERIOD_S,
        span=(now - LAG_SEEN_S, now),
    )
    return found[-1][1] / 1000 if found else None


def health(
    cloudwatch: Any,  # noqa: ANN401 - boto3
    checks: Mapping[str, str],
    *,
    since: float,
    until: float,
) -> Sequence[HealthChanged]:
    """Return when the health check of each Region changed, to the minute; the first value is no change.

    `checks` are ids by the names of the Regions. Raises botocore's errors.
    """
    found: list[HealthChanged] = []
    for region, check in checks.items():
        known: bool | None = None
        for at, value in points(
            cloudwatch,
            namespace="AWS/Route53",
            metric="HealthCheckStatus",
            dimensions={"HealthCheckId": check},
            statistic="Minimum",
            period_s=HEALTH_PERIOD_S,
            span=(since - 2 * HEALTH_PERIOD_S, until + HEALTH_PERIOD_S),
        ):
            healthy = value >= 1
            if known is not None and healthy is not known:
                found.append(HealthChanged(at=max(at, since), region=region, healthy=healthy))
            known = healthy
    return sorted(found, key=lambda change: change.at)


def points(
    cloudwatch: Any,  # noqa: ANN401 - boto3
    *,
    namespace: str,
    metric: str,
    dimensions: Mapping[str, str],
    statistic: str,
    period_s: int,
    span: tuple[float, float],
) -> Sequence[Point]:
    """Return the values of a metric, each with when its period began; raises botocore's errors."""
    query = _query(namespace, metric, dimensions, statistic, period_s)
    start, end = (datetime.fromtimestamp(at, UTC) for at in span)
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[query], StartTime=start, EndTime=end, ScanBy="TimestampAscending"
    )
    found: list[Point] = []
    for page in pages:
        for result in page["MetricDataResults"]:
            times = [at.timestamp() for at in result["Timestamps"]]
            found += zip(times, result["Values"], strict=True)
    return sorted(found)


def _query(
    namespace: str, metric: str, dimensions: Mapping[str, str], statistic: str, period_s: int
) -> Mapping[str, Any]:
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    return {
        "Id": "m",
        "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": metric, "Dimensions": named},
            "Period": period_s,
            "Stat": statistic,
        },
    }
