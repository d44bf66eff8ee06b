"""How often, how fast and how well commits are delivered, as metrics in the pipeline's account."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from stacks.constructs.delivery_function import NAMESPACE, DeliveryFunction
from stacks.sizing import LogPolicy

# Few changes reach a stage in a day: what is made of several is made of those of a week.
DAY, WEEK = cdk.Duration.days(1), cdk.Duration.days(7)
QUARTER = 6


class DeliveryMetrics(Construct):
    """Measures each end of the given stages of a pipeline, and shows the four measures on one page.

    A function is told by EventBridge that a stage succeeded or failed, reads what led there from the history
    of the pipeline, and writes what CloudWatch makes metrics of. What the measures count is said in the
    package that it runs, `pipeline.measures`; `make status` makes its table by the same one, from what the
    runner of this machine wrote down: no CodePipeline runs the pipeline there, and no event ever comes. Not
    yet run on AWS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pipeline: codepipeline.IPipeline,
        stages: Sequence[str],
        logs: LogPolicy,
    ) -> None:
        super().__init__(scope, id)
        function = DeliveryFunction(self, "Function", pipeline=pipeline, logs=logs).function
        rule = events.Rule(self, "Ended", event_pattern=_ends(pipeline, stages))
        rule.add_target(targets.LambdaFunction(function))
        self._show(pipeline, stages)

    def _show(self, pipeline: codepipeline.IPipeline, stages: Sequence[str]) -> None:
        """Make the page: a row for each stage."""
        dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=cdk.Duration.days(30))
        for stage in stages:
            dashboard.add_widgets(*_row(pipeline, stage))


def _ends(pipeline: codepipeline.IPipeline, stages: Sequence[str]) -> events.EventPattern:
    """The ends that have a verdict; a stage that was stopped or cancelled has none."""
    return events.EventPattern(
        source=["aws.codepipeline"],
        detail_type=["CodePipeline Stage Execution State Change"],
        detail={
            "pipeline": [pipeline.pipeline_name],
            "stage": list(stages),
            "state": ["SUCCEEDED", "FAILED"],
        },
    )


def _row(pipeline: codepipeline.IPipeline, stage: str) -> Sequence[cloudwatch.IWidget]:
    """The four measures of a stage, side by side."""

    def metric(name: str, statistic: str, period: cdk.Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={"Pipeline": pipeline.pipeline_name, "Stage": stage},
            statistic=statistic,
            period=period,
        )

    total, median = cloudwatch.Stats.SUM, cloudwatch.Stats.percentile(50)
    failure_rate = cloudwatch.MathExpression(
        expression="100 * failed / changes",
        label="change failure rate",
        using_metrics={
            "failed": metric("FailedChanges", total, WEEK),
            "changes": metric("Changes", total, WEEK),
        },
        period=WEEK,
    )
    return [
        _graph(f"{stage}: deployments a day", metric("Deployments", total, DAY)),
        _graph(f"{stage}: lead time, median of a week, s", metric("LeadTime", median, WEEK)),
        _graph(f"{stage}: failed changes of a week, %", failure_rate),
        _graph(f"{stage}: time to restore, median of a week, s", metric("TimeToRestore", median, WEEK)),
    ]


def _graph(title: str, metric: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    """Draw one measure from zero up."""
    axis = cloudwatch.YAxisProps(min=0, show_units=False)
    return cloudwatch.GraphWidget(title=title, left=[metric], width=QUARTER, left_y_axis=axis)
