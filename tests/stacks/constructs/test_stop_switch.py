"""The switch, as Route 53 reads it: one value turns it, and silence leaves it."""

import pytest

from stacks.stop_signal import METRIC, NAMESPACE, START, STOP
from tests.stacks.assembly import Assembly, Resource


@pytest.fixture
def alarm(assembly: Assembly) -> Resource:
    properties: Resource = assembly.stacks["ProdPrimary-Switch"].only("AWS::CloudWatch::Alarm")["Properties"]
    return properties


def test_reads_the_signal_in_minutes(alarm: Resource) -> None:
    assert (alarm["Namespace"], alarm["MetricName"]) == (NAMESPACE, METRIC) == ("UsersRouting", "Stop")
    assert (alarm["Period"], alarm["Statistic"]) == (60, "Maximum")


def test_one_value_stops_and_one_starts(alarm: Resource) -> None:
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert START < alarm["Threshold"] <= STOP
    assert alarm["EvaluationPeriods"] == 1


def test_is_of_a_kind_that_route_53_can_read(alarm: Resource) -> None:
    assert "DatapointsToAlarm" not in alarm  # no "M out of N"
    assert "Metrics" not in alarm  # no metric math
    assert "ExtendedStatistic" not in alarm
    assert alarm["Period"] % 60 == 0  # no high resolution


def test_silence_says_nothing(alarm: Resource) -> None:
    assert alarm["TreatMissingData"] == "missing"


def test_its_logical_id_stays_since_its_name_could_not_be_taken_twice(assembly: Assembly) -> None:
    for stack in assembly.with_path_ending("/Switch"):
        assert list(stack.of_type("AWS::CloudWatch::Alarm")) == ["StopSwitchAlarm442ED3D3"]
