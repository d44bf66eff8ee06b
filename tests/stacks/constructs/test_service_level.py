"""Burn rates: which share of which window is told, and what a window with no or few requests says."""

import json

import pytest

from tests.stacks.alarms import expression, value, watched
from tests.stacks.assembly import Assembly, Resource, Stack

SPEEDS = [("Fast", "Long", 3600, 1.44, 14.4), ("Fast", "Short", 300, 1.44, 14.4)]
SPEEDS += [("Slow", "Long", 21_600, 0.6, 6.0), ("Slow", "Short", 1800, 0.6, 6.0)]


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdPrimary-Observability"]


def alarm(stack: Stack, name: str) -> tuple[str, Resource]:
    """The alarm whose logical id begins so, and 8 characters of a hash follow."""
    (found,) = (
        (id_, each["Properties"])
        for id_, each in stack.template["Resources"].items()
        if id_[:-8] == f"ApiPromises{name}"
    )
    return found


@pytest.mark.parametrize(("speed", "window", "seconds", "unavailable", "slow"), SPEEDS)
def test_a_window_is_raised_by_so_many_percent_of_so_many_seconds(
    stack: Stack, speed: str, window: str, seconds: int, unavailable: float, slow: float
) -> None:
    for promise, threshold in (("Availability", unavailable), ("Latency", slow)):
        _, found = alarm(stack, f"{promise}{speed}{window}")
        assert {each["Period"] for each in watched(found)} == {seconds}
        assert (found["Threshold"], found["EvaluationPeriods"]) == (threshold, 1)
        assert found["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert found["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("promise", ["Availability", "Latency"])
@pytest.mark.parametrize("speed", ["Fast", "Slow"])
def test_a_speed_is_told_when_both_its_windows_show_it(stack: Stack, promise: str, speed: str) -> None:
    _, both = alarm(stack, f"{promise}{speed}")
    parts = both["AlarmRule"]["Fn::Join"][1]
    names = [part["Fn::GetAtt"][0] for part in parts if isinstance(part, dict)]
    assert names == [alarm(stack, f"{promise}{speed}{window}")[0] for window in ("Long", "Short")]
    assert "".join(part if isinstance(part, str) else "x" for part in parts) == '(ALARM("x") AND ALARM("x"))'


@pytest.mark.parametrize("window", ["FastLong", "FastShort", "SlowLong", "SlowShort"])
def test_one_window_alone_is_told_to_nobody(stack: Stack, window: str) -> None:
    for promise in ("Availability", "Latency"):
        _, found = alarm(stack, f"{promise}{window}")
        assert "AlarmActions" not in found
        assert "OKActions" not in found


@pytest.mark.parametrize(
    ("requests", "failures", "percent"),
    [(1000, 15, 1.5), (1000, 0, 0), (20, 20, 100), (19, 19, 0), (None, None, None)],
)
def test_failed_is_what_was_answered_5xx_of_enough_requests(
    stack: Stack, requests: int | None, failures: int | None, percent: float | None
) -> None:
    _, found = alarm(stack, "AvailabilityFastLong")
    assert value(expression(found), requests=requests, failures=failures) == percent


@pytest.mark.parametrize(
    ("requests", "intime", "percent"),
    [(1000, 85, 15), (1000, 100, 0), (19, 0, 0), (None, None, None)],
)
def test_slow_is_what_took_longer_than_promised_of_enough_requests(
    stack: Stack, requests: int | None, intime: float | None, percent: float | None
) -> None:
    _, found = alarm(stack, "LatencyFastLong")
    assert value(expression(found), requests=requests, intime=intime) == percent
    assert {(each["MetricName"], each["Stat"]) for each in watched(found)} == {
        ("Latency", "PR(:1000)"),
        ("Count", "Sum"),
    }


def test_whoever_is_called_reads_what_was_promised(stack: Stack) -> None:
    _, found = alarm(stack, "AvailabilityFast")
    assert json.dumps(found["AlarmDescription"]).startswith(
        '"99.9 % of requests are not answered 5xx: the budget of 30 days burns 14.4 times too fast'
    )
