"""What CloudWatch tells of replication and health."""

from datetime import UTC, datetime
from unittest.mock import ANY

from pipeline.drill.aws import metrics
from pipeline.drill.timeline import HealthChanged
from tests.pipeline.drill.aws.stubs import client, figures
from tests.pipeline.drill.made import T


def test_the_lag_is_that_of_the_last_writes_in_the_region_where_they_were_made() -> None:
    cloudwatch, stub = client("cloudwatch")
    stub.add_response(
        "get_metric_data",
        figures((T - 300, 900.0), (T - 600, 5000.0)),
        {
            "MetricDataQueries": [
                {
                    "Id": "m",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/DynamoDB",
                            "MetricName": "ReplicationLatency",
                            "Dimensions": [
                                {"Name": "TableName", "Value": "users-beta"},
                                {"Name": "ReceivingRegion", "Value": "eu-central-1"},
                            ],
                        },
                        "Period": 300,
                        "Stat": "Average",
                    },
                }
            ],
            "StartTime": datetime.fromtimestamp(T - 900, UTC),
            "EndTime": datetime.fromtimestamp(T, UTC),
            "ScanBy": "TimestampAscending",
        },
    )
    assert metrics.lag_s(cloudwatch, table="users-beta", receiving="eu-central-1", now=T) == 0.9


def test_without_writes_nobody_knows_the_lag() -> None:
    cloudwatch, stub = client("cloudwatch")
    stub.add_response("get_metric_data", figures())
    assert metrics.lag_s(cloudwatch, table="users-beta", receiving="eu-central-1", now=T) is None


def test_health_changes_where_its_value_does() -> None:
    cloudwatch, stub = client("cloudwatch", metrics.HEALTH_REGION)
    expected = {"MetricDataQueries": ANY, "StartTime": ANY, "EndTime": ANY, "ScanBy": ANY}
    west = ((T - 60, 1.0), (T, 1.0), (T + 60, 0.0), (T + 120, 0.0), (T + 240, 1.0))
    stub.add_response("get_metric_data", figures(*west), expected)
    stub.add_response("get_metric_data", figures((T - 60, 1.0), (T + 180, 1.0)), expected)
    checks = {"eu-west-1": "check-1", "eu-central-1": "check-2"}
    assert metrics.health(cloudwatch, checks, since=T, until=T + 300) == [
        HealthChanged(at=T + 60, region="eu-west-1", healthy=False),
        HealthChanged(at=T + 240, region="eu-west-1", healthy=True),
    ]


def test_all_pages_are_read() -> None:
    cloudwatch, stub = client("cloudwatch")
    stub.add_response("get_metric_data", {**figures((T, 1.0)), "NextToken": "more"})
    stub.add_response("get_metric_data", figures((T - 300, 2.0)))
    found = metrics.points(
        cloudwatch,
        namespace="A",
        metric="B",
        dimensions={},
        statistic="Sum",
        period_s=60,
        span=(T - 600, T),
    )
    assert found == [(T - 300, 2.0), (T, 1.0)]
