"""CloudWatch alarms as CloudWatch evaluates them: by dimensions, period by period, and without data too.

The emulator's own evaluation takes a metric's every dimension for one, looks at all periods as at one, and
never again once data stop. Here every alarm is looked at when data are put or alarms are asked after; on AWS
that is once a minute, or every 10 s. An alarm of metric math, or on a metric that this machine does not have,
is without data.
"""

from __future__ import annotations

import operator
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ministack.services import cloudwatch

Alarm = dict[str, Any]
Point = dict[str, Any]

# Each call of a function adds points to four metrics, which would otherwise be kept for two weeks.
KEPT_POINTS = 5_000
COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

_describe = cloudwatch._describe_alarms


def attach() -> None:
    """Evaluate in place of the emulator, whose own code calls these names."""
    cloudwatch._evaluate_alarm = evaluate
    cloudwatch._describe_alarms = _evaluated_first
    cloudwatch._evict_old_metrics = _forget


def evaluate(alarm: Alarm) -> None:
    """Bring the alarm to the state of its last periods, and tell topics and composite alarms of a change."""
    found = [_breaches(alarm, points) for points in _periods(alarm)]
    state = state_of(found, alarm, alarm["StateValue"])
    if state == alarm["StateValue"]:
        return
    before, alarm["StateValue"] = alarm["StateValue"], state
    breaching, known = found.count(True), len(found) - found.count(None)
    alarm["StateReason"] = f"{breaching} of {known} datapoints in {len(found)} periods breach the threshold"
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], before, state, alarm["StateReason"])
    cloudwatch._dispatch_alarm_actions(alarm, before, state, alarm["StateReason"])
    cloudwatch._evaluate_parent_alarms(alarm)


def state_of(found: Sequence[bool | None], alarm: Alarm, before: str) -> str:
    """Return the state after periods that breached, did not, or are None: without data.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    """
    treatment = alarm.get("TreatMissingData") or "missing"
    needed = int(alarm.get("DatapointsToAlarm") or len(found))
    breaching, missing = found.count(True), found.count(None)
    if treatment == "breaching":
        breaching, missing = breaching + missing, 0
    if treatment == "notBreaching":
        missing = 0
    if treatment == "missing":
        if missing == len(found):
            return "INSUFFICIENT_DATA"
        needed, missing = min(needed, len(found) - missing), 0
    if breaching >= needed:
        return "ALARM"
    return "OK" if breaching + missing < needed else before


def _periods(alarm: Alarm) -> list[list[Point]]:
    """Return the points of each period that counts: whole ones, or from the present one if it has any."""
    length, count = int(alarm.get("Period") or 60), int(alarm["EvaluationPeriods"])
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    found = defaultdict(list)
    for point in cloudwatch._metrics.get((alarm.get("Namespace"), alarm.get("MetricName"), dimensions)) or ():
        found[int(point["Timestamp"] // length)].append(point)
    last = int(time.time() // length)
    if last not in found:
        last -= 1
    return [found[last - back] for back in range(count)]


def _breaches(alarm: Alarm, points: list[Point]) -> bool | None:
    if not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    compare = COMPARISONS.get(alarm["ComparisonOperator"])
    return None if value is None or compare is None else bool(compare(value, alarm["Threshold"]))


def _evaluated_first(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the emulator has it
    cloudwatch._evaluate_all_alarms()
    return _describe(*arguments, **options)


def _forget() -> None:
    for points in cloudwatch._metrics.values():
        del points[:-KEPT_POINTS]
