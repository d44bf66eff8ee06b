"""One log line for what was measured, which is a set of metrics in CloudWatch's embedded format as well."""

import traceback
from collections.abc import Mapping

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit


class Gauges:
    """The log of one process; each metric has the one dimension `service`."""

    def __init__(self, logger: Logger, metrics: EphemeralMetrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def publish(self, message: str, values: Mapping[str, float], **facts: object) -> None:
        """Write a line with these metrics, if any, and with facts that nobody counts."""
        self._logger.info(message, extra={**facts, **self._measured(values)})

    def accident(self, message: str, error: Exception) -> None:
        """Write a line about a mistake of ours, without its text, which may name users."""
        frames = traceback.extract_tb(error.__traceback__)
        passed = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        self._logger.error(message, extra={"type": type(error).__name__, "frames": passed})

    def _measured(self, values: Mapping[str, float]) -> Mapping[str, object]:
        """Return metrics with their dimension, and without a unit: CloudWatch has none for hours."""
        if not values:
            return {}
        for name, value in values.items():
            self._metrics.add_metric(name, MetricUnit.NoUnit, value)
        measured = self._metrics.serialize_metric_set()
        self._metrics.clear_metrics()
        return measured


def gauges() -> Gauges:
    """Return those of this process; service, level and namespace are powertools' own settings."""
    logger = Logger(location=None, utc=True, use_rfc3339=True)
    return Gauges(logger, EphemeralMetrics(service=logger.service))
