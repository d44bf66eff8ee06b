"""The alarms on recovery: what raises each, what silence means to it, and what a new deployment sees."""

import operator
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.retention import BETA_BACKUPS
from tests.stacks.alarms import alarms, faults, watched
from tests.stacks.assembly import Assembly, Resource, Stack
from tests.stacks.backups import backup_stack, function_of

HOUR, DAY = 3600, 24 * 3600
IN_EACH_REGION = {"RecoveryPointStale", "NotOptedIn", "LeftOverTables"}
WHERE_RESTORED = {"ValidationFailed", "ValidationMissing"}
COMPARISONS = {"GreaterThanOrEqualToThreshold": operator.ge, "LessThanThreshold": operator.lt}


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdPrimary-Backup"]


def alarm(stack: Stack, name: str) -> Resource:
    (found,) = (each for id_, each in alarms(stack.template).items() if id_.startswith(f"Alarms{name}"))
    return found


def raised(alarm: Resource, values: Sequence[float | None]) -> bool:
    """Whether as many periods, of which None has no data, raise an alarm."""
    assert len(values) == alarm["EvaluationPeriods"]
    compare = COMPARISONS[alarm["ComparisonOperator"]]
    silence = alarm["TreatMissingData"] == "breaching"
    breaching = [silence if value is None else compare(value, alarm["Threshold"]) for value in values]
    return bool(sum(breaching) >= alarm["DatapointsToAlarm"])


@pytest.mark.parametrize(
    ("name", "metric", "statistic", "period"),
    [
        ("RecoveryPointStale", "RecoveryPointAgeHours", "Minimum", HOUR),
        ("NotOptedIn", "OptedIn", "Minimum", HOUR),
        ("LeftOverTables", "LeftOverTables", "Minimum", HOUR),
        ("ValidationFailed", "ValidationFailed", "Sum", DAY),
        ("ValidationMissing", "HoursSinceValidation", "Minimum", HOUR),
    ],
)
def test_each_watches_what_the_functions_of_its_service_count(
    stack: Stack, name: str, metric: str, statistic: str, period: int
) -> None:
    (found,) = watched(alarm(stack, name))
    variables = function_of(stack, "lambdas.recovery.handlers.watch.handler")["Environment"]["Variables"]
    assert found == {
        "Namespace": variables["POWERTOOLS_METRICS_NAMESPACE"],
        "MetricName": metric,
        "Dimensions": {"service": variables["POWERTOOLS_SERVICE_NAME"]},
        "Period": period,
        "Stat": statistic,
    }


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("RecoveryPointStale", [25.9, 25.9], False),
        ("RecoveryPointStale", [26.0, 26.9], True),
        ("RecoveryPointStale", [None, None], True),
        ("RecoveryPointStale", [None, 3.0], False),
        ("NotOptedIn", [1, 1], False),
        ("NotOptedIn", [0, 0], True),
        ("NotOptedIn", [None, 1], False),
        ("NotOptedIn", [None, None], True),
        ("LeftOverTables", [0, 0], False),
        ("LeftOverTables", [1, 0], False),
        ("LeftOverTables", [1, 1], True),
        ("LeftOverTables", [None, 0], False),
        ("LeftOverTables", [None, None], True),
        ("ValidationFailed", [0], False),
        ("ValidationFailed", [1], True),
        ("ValidationFailed", [None], False),
        ("ValidationMissing", [191.0, 191.9], False),
        ("ValidationMissing", [192.0, 193.0], True),
        ("ValidationMissing", [None, None], True),
        ("ValidationMissing", [3.0, None], False),
    ],
)
def test_an_alarm_is_raised_by_what_is_late_and_by_lasting_silence(
    stack: Stack, name: str, values: Sequence[float | None], expected: bool
) -> None:
    assert raised(alarm(stack, name), values) is expected


def test_an_alarm_that_takes_silence_for_health_would_be_found(stack: Stack) -> None:
    deaf = {**alarm(stack, "RecoveryPointStale"), "TreatMissingData": "notBreaching"}
    assert not raised(deaf, [None, None])


@pytest.mark.parametrize("name", ["RecoveryPointStale", "NotOptedIn", "LeftOverTables", "ValidationMissing"])
def test_one_that_a_new_deployment_raises_says_with_what_it_ends(stack: Stack, name: str) -> None:
    meaning = alarm(stack, name)["AlarmDescription"]
    assert "deployment" in meaning
    assert "this ends w" in meaning


@pytest.mark.parametrize(("role", "more"), [("Primary", WHERE_RESTORED), ("Secondary", set())])
def test_restores_are_watched_where_they_are_made(assembly: Assembly, role: str, more: set[str]) -> None:
    found = set(alarms(assembly.stacks[f"Prod{role}-Backup"].template))
    named = {name for name in IN_EACH_REGION | WHERE_RESTORED if any(name in id_ for id_ in found)}
    assert named == IN_EACH_REGION | more
    assert len(found) == len(named)


@pytest.mark.parametrize("role", ["Primary", "Secondary"])
def test_they_are_told_to_the_topic_that_the_region_has(assembly: Assembly, role: str) -> None:
    stack = assembly.stacks[f"Prod{role}-Backup"]
    arn = f"arn:aws:sns:{stack.region}:222222222222:users-prod-alarms"
    assert faults(stack.template) == []
    assert all(each["AlarmActions"] == each["OKActions"] == [arn] for each in alarms(stack.template).values())


def test_the_ages_are_configured(tmp_path: Path) -> None:
    stack = backup_stack(tmp_path, policy=replace(BETA_BACKUPS, stale_hours=30, unproven_days=9))
    assert alarm(stack, "RecoveryPointStale")["Threshold"] == 30
    assert alarm(stack, "ValidationMissing")["Threshold"] == 216
