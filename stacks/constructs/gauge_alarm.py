"""An alarm on what is measured once an hour, and on its silence."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.told_alarm import tell

AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
# A measure may slip over the end of its hour, so that one hour has none and the next has two.
HOURS = 2


class GaugeAlarm(Construct):
    """An alarm that says to a topic when a measure is bad, or was not taken, for two hours on end.

    Bad is the threshold and what is above it; with `below` it is what is below. It takes the metric once an
    hour. `meaning` says what that means and what to look at.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: sns.ITopic,
        metric: cloudwatch.Metric,
        threshold: float,
        meaning: str,
        below: bool = False,
    ) -> None:
        super().__init__(scope, id)
        alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_description=meaning,
            metric=metric.with_(period=cdk.Duration.hours(1)),
            threshold=threshold,
            comparison_operator=BELOW if below else AT_LEAST,
            evaluation_periods=HOURS,
            datapoints_to_alarm=HOURS,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        tell(alarm, topic)
