"""The metric behind an alarm, as a health check has copied it."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A stream of values, and which of them speak against health: `comparison` holds with `threshold`.

    `dimensions` are names with their values, `period_s` is what `statistic` is taken over.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period_s: int
    comparison: str
    threshold: float

    def breached_by(self, value: float) -> bool:
        """Tell whether the value of one period speaks against health."""
        return bool(COMPARISONS[self.comparison](value, self.threshold))

    def window_s(self, time_scale: float) -> int:
        """Return how long a period is where time runs so many times faster, in whole seconds."""
        return math.ceil(self.period_s / time_scale)
