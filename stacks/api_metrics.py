"""The metrics of the users API in one Region, found by its name."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

STAGE = "live"


@dataclass(frozen=True, kw_only=True)
class ApiMetrics:
    """What API Gateway counts of a stage, each in periods of a given length.

    Among its requests are those of Route 53's health checks, about two a second for each check: they fail
    with the Region, and are most of what a Region without clients answers. An API Gateway that does not
    answer at all counts nothing; the health checks see that
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html).
    """

    name: str

    def metric(self, metric_name: str, statistic: str, period: cdk.Duration) -> cloudwatch.Metric:
        """One metric of the stage, by its name in AWS/ApiGateway."""
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=metric_name,
            dimensions_map={"ApiName": self.name, "Stage": STAGE},
            statistic=statistic,
            period=period,
            label=f"{metric_name} {statistic}",
        )

    def failed_percent(self, period: cdk.Duration, *, judged_requests: int) -> cloudwatch.MathExpression:
        """The share of requests in percent that was answered 5xx: 0 where few were made, none without any."""
        return self._judged(
            "100 * failures / requests",
            {"failures": self.metric("5XXError", cloudwatch.Stats.SUM, period)},
            period,
            judged_requests,
            "Answered 5xx, %",
        )

    def slow_percent(
        self, period: cdk.Duration, *, latency_ms: int, judged_requests: int
    ) -> cloudwatch.MathExpression:
        """The share of requests in percent that took longer than `latency_ms`, whatever the answer.

        A percentile rank, PR, is the share of values that are not above a bound
        (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html), and one
        of the statistics that an alarm takes
        (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
        """
        return self._judged(
            "100 - intime",
            {"intime": self.metric("Latency", f"PR(:{latency_ms})", period)},
            period,
            judged_requests,
            f"Slower than {latency_ms} ms, %",
        )

    def _judged(
        self,
        share: str,
        metrics: dict[str, cloudwatch.IMetric],
        period: cdk.Duration,
        judged_requests: int,
        label: str,
    ) -> cloudwatch.MathExpression:
        """Take a share of a few requests for none: one failure of three is chance."""
        return cloudwatch.MathExpression(
            expression=f"IF(requests >= {judged_requests}, {share}, 0)",
            using_metrics={**metrics, "requests": self.metric("Count", cloudwatch.Stats.SUM, period)},
            period=period,
            label=label,
        )
