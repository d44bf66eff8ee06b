"""What says "fail over": when, and that what it says to do is what the switch takes."""

import itertools
import re

import pytest

from tests.stacks.alarms import alarms, watched
from tests.stacks.assembly import Assembly, Resource, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdPrimary-Observability"]


def named(stack: Stack, name: str) -> Resource:
    (found,) = (each for each in alarms(stack.template).values() if each.get("AlarmName") == name)
    return found


def raised(alarm: Resource, *, failing: bool, late: bool, still: bool) -> bool:
    """Whether a rule holds while these alarms are raised."""
    parts = alarm["AlarmRule"]["Fn::Join"][1]
    states = {"ApiPromisesAvailabilityFast": failing, "TableAlarmsReplicationLagAlarm": late}
    states["TableAlarmsUnreplicatedWritesAlarm"] = still
    text = "".join(
        part if isinstance(part, str) else str(states[part["Fn::GetAtt"][0][:-8]]) for part in parts
    )
    text = re.sub(r'ALARM\("(True|False)"\)', r"\1", text)
    for word in ("AND", "OR", "NOT"):
        text = text.replace(word, word.lower())
    return bool(eval(text, {"__builtins__": {}}))  # noqa: S307 - from our template


@pytest.mark.parametrize(("failing", "late", "still"), list(itertools.product([True, False], repeat=3)))
def test_a_region_that_fails_its_clients_says_so_and_whether_leaving_loses_writes(
    stack: Stack, failing: bool, late: bool, still: bool
) -> None:
    free = raised(named(stack, "users-prod-fail-over"), failing=failing, late=late, still=still)
    lossy = raised(named(stack, "users-prod-fail-over-with-loss"), failing=failing, late=late, still=still)
    assert free is (failing and not (late or still))
    assert lossy is (failing and (late or still))


@pytest.mark.parametrize("name", ["users-prod-fail-over", "users-prod-fail-over-with-loss"])
def test_its_command_throws_the_switch_of_this_region_in_the_other_one(
    stack: Stack, assembly: Assembly, name: str
) -> None:
    command = re.search(r"aws cloudwatch put-metric-data (.*)$", named(stack, name)["AlarmDescription"])
    assert command
    words = command[1].split()
    options = dict(zip(words[::2], words[1::2], strict=True))
    alarm = assembly.stacks["ProdSecondary-Switch"].only("AWS::CloudWatch::Alarm")["Properties"]
    (metric,) = watched(alarm)
    assert options["--region"] == "eu-central-1"
    assert (options["--namespace"], options["--metric-name"]) == (metric["Namespace"], metric["MetricName"])
    dimensions = dict(each.split("=") for each in options["--dimensions"].split(","))
    assert dimensions == metric["Dimensions"]
    assert float(options["--value"]) >= alarm["Threshold"]


def test_whoever_is_called_is_told_how_to_see_where_clients_are(stack: Stack) -> None:
    text = named(stack, "users-prod-fail-over")["AlarmDescription"]
    assert text.startswith("FAIL OVER. eu-west-1 fails its clients")
    assert "https://users.example.com/health answers X-Region: eu-west-1" in text
    assert "https://eu-central-1.users.example.com/health answers 200" in text
