"""What the functions of recovery count, as metrics of one service in one Region."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

HOUR, DAY = cdk.Duration.hours(1), cdk.Duration.days(1)


def recovery_metric(
    service: str, name: str, statistic: str, period: cdk.Duration = HOUR
) -> cloudwatch.Metric:
    """One metric, by the name that a function gives it; most are counted once an hour."""
    return cloudwatch.Metric(
        namespace="Users",
        metric_name=name,
        dimensions_map={"service": service},
        statistic=statistic,
        period=period,
    )
