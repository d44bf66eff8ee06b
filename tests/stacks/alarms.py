"""What is wrong with the alarms of a template, and what a metric expression makes of numbers."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.stacks.assembly import Resource, Template

METRIC_ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
LONGEST_DESCRIPTION = 1024
MOST_METRICS = 10
DAY = 24 * 60 * 60


def alarms(template: Template) -> Mapping[str, Resource]:
    """The properties of every alarm, by logical id."""
    return {
        id_: resource["Properties"]
        for id_, resource in template["Resources"].items()
        if resource["Type"] in {METRIC_ALARM, COMPOSITE}
    }


def faults(template: Template) -> list[str]:
    """A sentence for each alarm that nobody hears, that says nothing, or that CloudWatch would misread.

    An alarm that a composite one speaks for is told to nobody by itself, or to the same topic.
    """
    found = []
    spoken_for = _spoken_for(template)
    for id_, alarm in alarms(template).items():
        if id_ not in spoken_for or alarm.get("AlarmActions") or alarm.get("OKActions"):
            for actions in ("AlarmActions", "OKActions"):
                if len(alarm.get(actions, [])) != 1:
                    found.append(f"{id_} has no {actions}.")
        if not 40 <= len(alarm.get("AlarmDescription", "")) <= LONGEST_DESCRIPTION:
            found.append(f"{id_} does not say what it means, or not in {LONGEST_DESCRIPTION} characters.")
        if template["Resources"][id_]["Type"] == METRIC_ALARM:
            found.extend(f"{id_} {fault}." for fault in _metric_faults(alarm))
    return found


def threshold_faults(one: Template, other: Template) -> list[str]:
    """A sentence for each alarm whose threshold is the same in two templates that share no threshold."""
    others = alarms(other)
    return [
        f"{id_} is raised at {alarm['Threshold']:g} whatever is configured."
        for id_, alarm in alarms(one).items()
        if "Threshold" in alarm and alarm["Threshold"] == others[id_]["Threshold"]
    ]


def watched(alarm: Resource) -> list[Resource]:
    """The metrics of an alarm, each with Namespace, MetricName, Dimensions by name, Period and Stat."""
    queries = [query["MetricStat"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    if not queries:
        queries = [{"Metric": alarm, "Period": alarm["Period"], "Stat": alarm.get("Statistic")}]
    return [
        {
            "Namespace": query["Metric"]["Namespace"],
            "MetricName": query["Metric"]["MetricName"],
            "Dimensions": {each["Name"]: each["Value"] for each in query["Metric"].get("Dimensions", [])},
            "Period": query["Period"],
            "Stat": query["Stat"],
        }
        for query in queries
    ]


def expression(alarm: Resource) -> str:
    """The expression that an alarm watches."""
    (found,) = (query["Expression"] for query in alarm["Metrics"] if query["ReturnData"])
    assert isinstance(found, str)
    return found


def value(text: str, **series: float | None) -> float | None:
    """What an expression makes of one value of each series; None is a period without data.

    It knows IF, FILL and arithmetic. What reads a missing value has none itself.
    """
    functions = {
        "IF": lambda condition, yes, no: yes if condition else no,
        "FILL": lambda number, otherwise: otherwise if number is None else number,
    }
    try:
        found = eval(text, {"__builtins__": {}}, {**functions, **series})  # noqa: S307 - from our template
    except TypeError:
        return None
    return float(found)


def _metric_faults(alarm: Resource) -> Iterator[str]:
    """What CloudWatch would refuse, or not do."""
    if "TreatMissingData" not in alarm:
        yield "does not say what missing data mean"
    metrics = watched(alarm)
    if len(metrics) > MOST_METRICS:
        yield f"watches {len(metrics)} metrics, and CloudWatch takes {MOST_METRICS}"
    if any(alarm["EvaluationPeriods"] * metric["Period"] > DAY for metric in metrics):
        yield "looks back for more than a day"
    if metrics[0]["Namespace"] == "AWS/DynamoDB":
        unfilled = [id_ for id_ in _ids(alarm) if f"FILL({id_}," not in expression(alarm)]
        if unfilled or "Metrics" not in alarm:
            yield "stays raised for ever once DynamoDB has nothing to count"


def _ids(alarm: Resource) -> list[str]:
    """The names that the metrics of an alarm have in its expression."""
    return [query["Id"] for query in alarm.get("Metrics", []) if "MetricStat" in query]


def _spoken_for(template: Template) -> set[str]:
    """The alarms that another one's rule names."""
    rules: list[Any] = [alarm["AlarmRule"] for alarm in alarms(template).values() if "AlarmRule" in alarm]
    text = json.dumps(rules)
    return {id_ for id_ in alarms(template) if f'["{id_}", "Arn"]' in text}
