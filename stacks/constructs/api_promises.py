"""What the users API promises in one Region, and the alarms on it."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.api_metrics import ApiMetrics
from stacks.constructs.service_level import ServiceLevel
from stacks.objectives import Objectives, Thresholds


class ApiPromises(Construct):
    """Availability and latency of the API, each with the alarms on how fast its budget burns."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: sns.ITopic,
        api: ApiMetrics,
        objectives: Objectives,
        thresholds: Thresholds,
    ) -> None:
        super().__init__(scope, id)
        judged, latency_ms = thresholds.judged_requests, objectives.latency_ms
        self.availability = ServiceLevel(
            self,
            "Availability",
            topic=topic,
            failed=lambda window: api.failed_percent(window, judged_requests=judged),
            objective_percent=objectives.availability_percent,
            promise=f"{objectives.availability_percent:g} % of requests are not answered 5xx",
            advice=(
                "Look at the API's access log for the errors of its integrations, at errors and throttles of "
                "the functions, and at the table's system errors; a release of the last hour comes first."
            ),
        )
        self.latency = ServiceLevel(
            self,
            "Latency",
            topic=topic,
            failed=lambda window: api.slow_percent(window, latency_ms=latency_ms, judged_requests=judged),
            objective_percent=objectives.latency_percent,
            promise=f"{objectives.latency_percent:g} % of requests are answered within {latency_ms} ms",
            advice=(
                "Look at the duration of the functions by route, at their cold starts, and at the table's "
                "latency and throttles; a release of the last hour comes first."
            ),
        )

    @property
    def alarms(self) -> list[cloudwatch.IAlarm]:
        """Those that are told."""
        return [level_alarm for level in (self.availability, self.latency) for level_alarm in level.alarms]
