"""The switch with which one Region takes another out of DNS."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.stop_signal import METRIC, NAMESPACE, STOP, StopSignal


class StopSwitch(Construct):
    """An alarm that is raised by one value of a StopSignal, and that a Route 53 health check reads.

    Route 53 does not look at the state of the alarm: it copies metric, statistic, period and threshold, and
    evaluates the stream of values itself. So setting the state of the alarm turns nothing
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html),
    and a change to the alarm reaches Route 53 only when the health check is updated too
    (.../health-checks-updating-cloudwatch-alarm-settings.html). It takes metrics of standard resolution in
    its own account, and neither "M out of N" nor metric math (.../health-checks-types.html).

    Silence says nothing, here as there: missing data leave the alarm without an opinion, and the health check
    keeps what it knew last. Within one minute the highest value counts, so START in the minute of a STOP is
    lost and must be sent again.
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, signal: StopSignal, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, id)
        self.alarm = cloudwatch.Alarm(
            self,
            "Alarm",
            alarm_name=name,
            alarm_description=f"{signal.region} is taken out of DNS by the signal {NAMESPACE}/{METRIC}.",
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=METRIC,
                dimensions_map=dict(signal.dimensions),
                statistic=cloudwatch.Stats.MAXIMUM,
                period=cdk.Duration.minutes(1),
            ),
            threshold=STOP,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.MISSING,
        )
        self.alarm.add_alarm_action(actions.SnsAction(topic))
        self.alarm.add_ok_action(actions.SnsAction(topic))
