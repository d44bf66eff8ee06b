"""When the API of one Region answers worse than it promised while a release is on its way."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.api_metrics import ApiMetrics
from stacks.constructs.told_alarm import ToldAlarm
from stacks.objectives import FAST_BURN, Objectives

MINUTE = cdk.Duration.minutes(1)
# Two bad minutes in three, in a canary of five at least: one may be a single slow call.
PERIODS, BAD = 3, 2


class ReleaseAlarms(Construct):
    """The share of answers that are 5xx and the latency of the API, by the minute.

    They look at the API and not at a function, so they find what no function counts as an error of its own.
    The service level's own alarms look at an hour, which is longer than a canary. A release sends a tenth of
    the calls to the new version: a budget that burns fast is one bad answer of it in seven.
    """

    def __init__(
        self, scope: Construct, id: str, *, api: ApiMetrics, objectives: Objectives, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, id)
        errors = ToldAlarm(
            self,
            "ServerErrors",
            topic=topic,
            metric=api.metric("5XXError", cloudwatch.Stats.AVERAGE, MINUTE),
            threshold=FAST_BURN.failed_percent(objectives.availability_percent) / 100,
            periods=PERIODS,
            least=BAD,
            meaning="The API answers 5xx more often than it may. A release that is on its way goes back.",
        )
        latency = ToldAlarm(
            self,
            "Latency",
            topic=topic,
            metric=api.metric("Latency", f"p{objectives.latency_percent:g}", MINUTE),
            threshold=objectives.latency_ms,
            periods=PERIODS,
            least=BAD,
            meaning="The API takes longer to answer than it may. A release that is on its way goes back.",
        )
        self.alarms = (errors.alarm, latency.alarm)
