"""What an alarm of a template watches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.stacks.assembly import Resource


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One metric, with its statistic and its period in seconds."""

    namespace: str
    name: str
    dimensions: Mapping[str, Any]
    statistic: str
    period: int


def watched(alarm: Resource) -> Watched:
    """The one metric of an alarm, written as properties, or as a query where the metric has a label."""
    properties = alarm["Properties"]
    if "Metrics" in properties:
        (query,) = properties["Metrics"]
        statistics, metric = query["MetricStat"], query["MetricStat"]["Metric"]
        statistic = statistics["Stat"]
    else:
        statistics = metric = properties
        statistic = properties.get("Statistic") or properties["ExtendedStatistic"]
    return Watched(
        namespace=metric["Namespace"],
        name=metric["MetricName"],
        dimensions={each["Name"]: each["Value"] for each in metric["Dimensions"]},
        statistic=statistic,
        period=statistics["Period"],
    )
