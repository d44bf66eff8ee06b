"""The alarm on functions that Lambda did not start."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.told_alarm import ToldAlarm
from stacks.objectives import Thresholds


class FunctionThrottles(Construct):
    """Calls that exceeded the concurrency of a function, or of the account, over all functions of the Region.

    A deployment has its account to itself, so Lambda's metric without dimensions is its own, whatever the
    functions' generated names are (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
    What API Gateway refuses itself it counts as 4XXError, with all that clients do wrong: that is on the
    dashboard, and no alarm.
    """

    def __init__(self, scope: Construct, id: str, *, topic: sns.ITopic, thresholds: Thresholds) -> None:
        super().__init__(scope, id)
        self.alarm: cloudwatch.Alarm = ToldAlarm(
            self,
            "Throttles",
            topic=topic,
            metric=lambda_.Function.metric_all_throttles(
                period=cdk.Duration.minutes(1), statistic=cloudwatch.Stats.SUM
            ),
            threshold=thresholds.throttled_requests,
            periods=5,
            least=3,
            meaning=(
                "Lambda refuses to start functions; their clients are answered 5xx. Look on the dashboard at "
                "which function it is, at its reserved concurrency, and at the account's quota."
            ),
        ).alarm
