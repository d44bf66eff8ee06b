"""The alarms that the emulator's CloudFormation does not create: composite ones, and those of metric math."""

from __future__ import annotations

from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]

TYPE = "AWS::CloudWatch::CompositeAlarm"
OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Unit", "Period")

_record = provisioners._cw_metric_alarm_record


def register() -> None:
    """Teach CloudFormation here the composite alarm, and the metric alarm's expressions."""
    provisioners._RESOURCE_HANDLERS[TYPE] = {
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }
    provisioners._cw_metric_alarm_record = record


def create(logical_id: str, properties: Properties, stack: str) -> Created:
    """Create the composite alarm, whose rule is evaluated from then on; returns its name and `Arn`.

    Raises:
        ValueError: the rule cannot be read, or names an alarm that is not there; the stack fails.
    """
    name = properties.get("AlarmName") or provisioners._physical_name(stack, logical_id, max_len=255)
    status, _, body = cloudwatch._put_composite_alarm({}, {**properties, "AlarmName": name}, False, True)
    if status >= 400:
        raise ValueError(f"PutCompositeAlarm failed: {body.decode()}")
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def update(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Created:
    """Put the composite alarm again, its state kept; another name makes another alarm.

    Raises:
        ValueError: as for `create`.
    """
    if old.get("AlarmName") == new.get("AlarmName"):
        new = {**new, "AlarmName": physical_id}
    return create(logical_id or physical_id, new, stack)


def delete(physical_id: str, _properties: Properties) -> None:
    """Remove the composite alarm; one that is gone already is no failure."""
    alarm = cloudwatch._composite_alarms.pop(physical_id, None)
    if alarm is not None:
        cloudwatch._resource_tags.pop(alarm["AlarmArn"], None)
        cloudwatch._composite_triggers.pop(physical_id, None)


def record(name: str, properties: Properties) -> Properties:
    """Return the alarm that a template's properties describe; metric math is kept as it is, not calculated.

    Raises:
        ValueError: something that an alarm needs is missing.
    """
    if not properties.get("Metrics"):
        return dict(_record(name, properties))
    one = {"MetricName": "of an expression", "Namespace": "of an expression", "Threshold": 0}
    alarm = _record(name, {**one, **properties, "Metrics": None})
    kept = {key: value for key, value in alarm.items() if key not in OF_ONE_METRIC}
    return {**kept, "Metrics": properties["Metrics"]}
