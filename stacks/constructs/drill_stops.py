"""What stops an experiment before its time is up."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.constructs.told_alarm import ToldAlarm
from stacks.drills import ABORT, METRIC, NAMESPACE, AbortSignal
from stacks.objectives import Thresholds
from stacks.table_metrics import TableMetrics


class DrillStops(Construct):
    """Alarms of this Region, any of which ends an experiment here: somebody called it off, or AWS is unwell.

    They are in the Region of the experiment, since FIS refuses to start one with an alarm of another. What
    happens to the other Region is told here by the signal alone. `conditions` are for a template.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table: TableMetrics,
        thresholds: Thresholds,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id)
        signal = AbortSignal(service=service, region=cdk.Stack.of(self).region)
        abort = ToldAlarm(
            self,
            "Abort",
            topic=topic,
            metric=cloudwatch.Metric(
                namespace=NAMESPACE,
                metric_name=METRIC,
                dimensions_map=dict(signal.dimensions),
                statistic=cloudwatch.Stats.MAXIMUM,
                period=cdk.Duration.minutes(1),
            ),
            threshold=ABORT,
            periods=1,
            least=1,
            meaning=(
                f"A drill was called off by the signal {NAMESPACE}/{METRIC}, and its experiments in this "
                "Region are being stopped. Look whether functions and replication are as they were."
            ),
        )
        unwell = ToldAlarm(
            self,
            "SystemErrors",
            topic=topic,
            metric=table.system_errors(),
            threshold=thresholds.system_errors,
            periods=2,
            least=2,
            meaning=(
                "DynamoDB answers with errors of its own, which no drill causes: experiments in this Region "
                "are stopped. Look at the AWS Health Dashboard, and drill another day."
            ),
        )
        self.conditions: Sequence[fis.CfnExperimentTemplate.ExperimentTemplateStopConditionProperty] = [
            fis.CfnExperimentTemplate.ExperimentTemplateStopConditionProperty(
                source="aws:cloudwatch:alarm", value=each.alarm.alarm_arn
            )
            for each in (abort, unwell)
        ]
