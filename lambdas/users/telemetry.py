"""One log line for each request: what was asked for, how it went and what it cost, never who it was about."""

import traceback
from collections.abc import Iterator, Mapping

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit


class Telemetry:
    """The log of one process, in JSON on standard output, written before a request is answered.

    A line is a set of metrics as well, in CloudWatch's embedded metric format, so that no request writes two.
    Service and level are powertools' own settings. A process serves one request at a time.
    """

    def __init__(self, logger: Logger, metrics: EphemeralMetrics, *, region: str) -> None:
        self._logger = logger
        self._metrics = metrics
        self._region = region
        self._cold = True

    def record(
        self,
        *,
        request_id: str,
        route: str,
        method: str,
        status: int,
        duration_ms: float,
        capacity: float,
        requests: int,
        failure: Exception | None,
    ) -> None:
        """Write the line of a request; `route` is a template such as `/users/{user_id}`.

        `requests` to DynamoDB took `capacity` units. Where the status is 500 or more, the line is an error,
        and names the types of the failure and of its causes with the frames that they passed. Their texts may
        be about somebody, and are left out.
        """
        failed = status >= 500
        write = self._logger.error if failed else self._logger.info
        write(
            "request",
            extra={
                "request_id": request_id,
                "method": method,
                "status": status,
                "duration_ms": round(duration_ms, 3),
                "region": self._region,
                "consumed_capacity": capacity,
                "dynamodb_requests": requests,
                **self._measured(route, failed=failed, duration_ms=duration_ms, capacity=capacity),
                **({"failure": [_outline(error) for error in _chain(failure)]} if failed else {}),
            },
        )
        self._cold = False

    def _measured(
        self, route: str, *, failed: bool, duration_ms: float, capacity: float
    ) -> Mapping[str, object]:
        """Return the metrics of a request with their dimensions, which are texts."""
        metrics = self._metrics
        metrics.add_dimension("route", route)
        metrics.add_dimension("cold_start", "true" if self._cold else "false")
        metrics.add_metric("Requests", MetricUnit.Count, 1)
        metrics.add_metric("Errors", MetricUnit.Count, int(failed))
        metrics.add_metric("Duration", MetricUnit.Milliseconds, round(duration_ms, 3))
        metrics.add_metric("ConsumedCapacity", MetricUnit.Count, capacity)
        measured = metrics.serialize_metric_set()
        metrics.clear_metrics()
        return measured


def _chain(failure: BaseException | None) -> Iterator[BaseException]:
    """Follow a failure to its first cause."""
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def _outline(error: BaseException) -> dict[str, object]:
    """Describe an exception without its text."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    return {
        "type": type(error).__name__,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
