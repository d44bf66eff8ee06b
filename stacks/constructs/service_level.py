"""A share of requests that is promised, and the alarms on how fast its budget is used up."""

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.told_alarm import tell
from stacks.objectives import FAST_BURN, SLOW_BURN, BurnRate


class ServiceLevel(Construct):
    """An objective of one Region, with an alarm for each speed at which its budget burns.

    `failed` gives, for the length of a window, the share of its requests in percent that missed the
    objective. An alarm is raised while both windows of its speed show that speed or more: the long one says
    that much of the budget is at stake, the short one that it still burns. Only the two together are told.
    A window slides on with each evaluation (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
    alarm-evaluation-window.html), and one without requests is no burn.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: sns.ITopic,
        failed: Callable[[cdk.Duration], cloudwatch.IMetric],
        objective_percent: float,
        promise: str,
        advice: str,
    ) -> None:
        super().__init__(scope, id)
        self._failed = failed
        self._objective_percent = objective_percent
        self.fast = self._speed("Fast", FAST_BURN, topic, promise, advice)
        self.slow = self._speed("Slow", SLOW_BURN, topic, promise, advice)
        self.alarms = [self.fast, self.slow]

    def _speed(
        self, id_: str, burn: BurnRate, topic: sns.ITopic, promise: str, advice: str
    ) -> cloudwatch.CompositeAlarm:
        """Raise one alarm when the windows of a speed both show it."""
        windows = [
            self._window(f"{id_}Long", burn, burn.long_minutes, promise),
            self._window(f"{id_}Short", burn, burn.short_minutes, promise),
        ]
        alarm = cloudwatch.CompositeAlarm(
            self,
            id_,
            alarm_description=(
                f"{promise}: the budget of 30 days burns {burn.rate:g} times too fast, in the last "
                f"{burn.long_minutes} minutes and in the last {burn.short_minutes}. {advice}"
            ),
            alarm_rule=cloudwatch.AlarmRule.all_of(*windows),
        )
        tell(alarm, topic)
        return alarm

    def _window(self, id_: str, burn: BurnRate, minutes: int, promise: str) -> cloudwatch.Alarm:
        """Watch one window, for the alarm that speaks for both."""
        return cloudwatch.Alarm(
            self,
            id_,
            alarm_description=(
                f"{promise}: {minutes} minutes at {burn.rate:g} times the speed that the budget bears. "
                "Told to nobody by itself; the alarm on both windows is."
            ),
            metric=self._failed(cdk.Duration.minutes(minutes)),
            threshold=burn.failed_percent(self._objective_percent),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
