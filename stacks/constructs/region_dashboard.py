"""What one Region looks like, on one page."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.api_metrics import ApiMetrics
from stacks.constructs.users_function import TELEMETRY
from stacks.objectives import FAST_BURN, SLOW_BURN, Objectives, Thresholds
from stacks.table_metrics import TableMetrics

FULL, HALF, THIRD, QUARTER = 24, 12, 8, 6
MINUTE = cdk.Duration.minutes(1)
# Each metric with its statistic: what Lambda says of a function, and what the functions say of a route, with
# the dimensions that `record` of lambdas/users/telemetry.py gives it.
FUNCTION_METRICS = {"Invocations": "Sum", "Errors": "Sum", "Throttles": "Sum", "Duration": "p99"}
ROUTE_METRICS = {"Requests": "Sum", "Errors": "Sum", "Duration": "p99", "ConsumedCapacity": "Sum"}
ROUTE_DIMENSIONS = ("cold_start", "route", "service")


class RegionDashboard(Construct):
    """The alarms of a Region, its promises, and what lies under them: traffic, functions, table, stream.

    Functions and queue belong to other stacks and have generated names, which begin with the name of their
    stage; the page searches for that. Alarms of those stacks are told, and not shown here.
    """

    def __init__(self, scope: Construct, id: str, *, objectives: Objectives, thresholds: Thresholds) -> None:
        super().__init__(scope, id)
        stage = cdk.Stage.of(self)
        self._stage = stage.stage_name if stage else ""
        self._objectives, self._thresholds = objectives, thresholds
        self._dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=cdk.Duration.hours(3))

    def show_alarms(self, alarms: Sequence[cloudwatch.IAlarm]) -> None:
        """Add the state of each alarm."""
        self._row(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=FULL))

    def show_api(self, api: ApiMetrics) -> None:
        """Add what is promised and kept, in the short window of the fast burn, and what clients ask for."""
        objectives, window = self._objectives, cdk.Duration.minutes(FAST_BURN.short_minutes)
        latency_ms, judged = objectives.latency_ms, self._thresholds.judged_requests
        failed = api.failed_percent(window, judged_requests=judged)
        slow = api.slow_percent(window, latency_ms=latency_ms, judged_requests=judged)
        self._row(
            _graph("Answered 5xx, %", [failed], HALF, _burns(objectives.availability_percent)),
            _graph(f"Slower than {latency_ms} ms, %", [slow], HALF, _burns(objectives.latency_percent)),
        )
        total = cloudwatch.Stats.SUM
        errors = [api.metric(name, total, MINUTE) for name in ("4XXError", "5XXError")]
        latency = [api.metric("Latency", statistic, MINUTE) for statistic in ("p50", "p90", "p99")]
        self._row(
            _graph("Requests", [api.metric("Count", total, MINUTE)], THIRD),
            _graph("4xx and 5xx", errors, THIRD),
            _graph("Latency, ms", latency, THIRD, {"objective": latency_ms}),
        )

    def show_functions(self) -> None:
        """Add each function and each route: how often it was called, failed, was slow; cold starts apart."""
        lambda_schema = "AWS/Lambda,FunctionName"
        route_schema = ",".join((TELEMETRY["POWERTOOLS_METRICS_NAMESPACE"], *ROUTE_DIMENSIONS))
        self._row(
            *(
                _graph(
                    f"{name} by function, {statistic}",
                    [self._search(lambda_schema, name, statistic)],
                    QUARTER,
                )
                for name, statistic in FUNCTION_METRICS.items()
            )
        )
        self._row(
            *(
                _graph(f"{name} by route, {statistic}", [_search(route_schema, name, statistic)], QUARTER)
                for name, statistic in ROUTE_METRICS.items()
            )
        )

    def show_table(self, table: TableMetrics) -> None:
        """Add what the table uses, refuses and fails to do, and how far the other Region is behind."""
        total, limits, peer = cloudwatch.Stats.SUM, self._thresholds, table.peer_region
        used = [table.metric(f"Consumed{kind}CapacityUnits", total) for kind in ("Read", "Write")]
        events = [table.metric(f"{kind}ThrottleEvents", total) for kind in ("Read", "Write")]
        throttled, errors = table.throttled_requests(), table.system_errors()
        lag, missing = table.replication_lag(), table.unreplicated_writes()
        self._row(
            _graph("Table: capacity used", used, THIRD),
            _graph("Table: throttles", [throttled, *events], THIRD, {"alarm": limits.throttled_requests}),
            _graph("Table: system errors", [errors], THIRD, {"alarm": limits.system_errors}),
        )
        self._row(
            _graph(f"Replication to {peer}, ms", [lag], HALF, {"alarm": limits.replication_lag_ms}),
            _graph(f"Writes without {peer}", [missing], HALF, {"alarm": limits.unreplicated_writes}),
        )

    def show_stream(self) -> None:
        """Add how late changes are told, and how many are told no more."""
        limits = self._thresholds
        age = self._search("AWS/Lambda,FunctionName", "IteratorAge", "Maximum")
        dead = self._search("AWS/SQS,QueueName", "ApproximateNumberOfMessagesVisible", "Maximum")
        self._row(
            _graph("Stream: age, ms", [age], HALF, {"alarm": limits.stream_age_seconds * 1000}),
            _graph("Stream: dead letters", [dead], HALF, {"alarm": limits.dead_letters}),
        )

    def _row(self, *widgets: cloudwatch.IWidget) -> None:
        """Add widgets beside one another."""
        self._dashboard.add_widgets(*widgets)

    def _search(self, schema: str, metric: str, statistic: str) -> cloudwatch.SearchExpression:
        """Find a metric of whatever this stage has, by the one dimension of a schema."""
        dimension = schema.split(",")[1]
        return _search(schema, metric, statistic, f" {dimension}={self._stage}" if self._stage else "")


def _graph(
    title: str, metrics: Sequence[cloudwatch.IMetric], width: int, marks: Mapping[str, float] | None = None
) -> cloudwatch.GraphWidget:
    """Draw lines from zero up, with a line across at each mark."""
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        width=width,
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        left_annotations=[
            cloudwatch.HorizontalAnnotation(label=label, value=value)
            for label, value in (marks or {}).items()
        ],
    )


def _burns(objective_percent: float) -> Mapping[str, float]:
    """Mark the shares at which a budget burns at the speeds that are told."""
    return {f"{burn.rate:g} x": burn.failed_percent(objective_percent) for burn in (FAST_BURN, SLOW_BURN)}


def _search(schema: str, metric: str, statistic: str, term: str = "") -> cloudwatch.SearchExpression:
    """Find a metric once a minute, in all that has the dimensions of a schema and matches a term.

    A term without quotes matches part of a name, where it begins and ends as words do
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html).
    """
    expression = (
        f"SEARCH('{{{schema}}} MetricName=\"{metric}\"{term}', '{statistic}', {MINUTE.to_seconds():g})"
    )
    return cloudwatch.SearchExpression(expression=expression, period=MINUTE)
