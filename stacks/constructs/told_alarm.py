"""An alarm on one metric, and who hears of it."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct


class ToldAlarm(Construct):
    """An alarm that says to a topic when a metric reaches its threshold, and when it is over.

    It is raised when `least` of the last `periods` of the metric's period are at the threshold or above.
    `meaning` says what that means and what to look at. No data are no trouble: AWS publishes each metric that
    is watched here only while there is something to count.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: sns.ITopic,
        metric: cloudwatch.IMetric,
        threshold: float,
        periods: int,
        least: int,
        meaning: str,
    ) -> None:
        super().__init__(scope, id)
        self.alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_description=meaning,
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=periods,
            datapoints_to_alarm=least,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        tell(self.alarm, topic)


def tell(alarm: cloudwatch.AlarmBase, topic: sns.ITopic) -> None:
    """Say to a topic when an alarm is raised, and when it is over."""
    alarm.add_alarm_action(actions.SnsAction(topic))
    alarm.add_ok_action(actions.SnsAction(topic))
