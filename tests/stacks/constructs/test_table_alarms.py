"""The alarms of the table: which faults of which operations, and what replication does not say."""

import re
from pathlib import Path

import pytest

from stacks.table_metrics import OPERATIONS
from tests.stacks.alarms import expression, value, watched
from tests.stacks.assembly import Assembly, Resource, Stack

ADAPTERS = Path(__file__).parent.parent.parent.parent / "lambdas" / "users" / "adapters"
# What DynamoDB's metrics know as operations on rows.
KNOWN = {
    *("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan"),
    *("TransactGetItems", "TransactWriteItems", "UpdateItem"),
}


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdSecondary-Observability"]


def alarm(stack: Stack, name: str) -> Resource:
    (found,) = (
        each["Properties"]
        for id_, each in stack.of_type("AWS::CloudWatch::Alarm").items()
        if id_.startswith(f"TableAlarms{name}")
    )
    assert isinstance(found, dict)
    return found


def test_every_operation_that_the_functions_use_is_watched() -> None:
    sources = "\n".join(file.read_text() for file in ADAPTERS.glob("*.py"))
    assert set(re.findall(r'"([A-Z][A-Za-z]+)"', sources)) & KNOWN == set(OPERATIONS)


@pytest.mark.parametrize(
    ("name", "metric", "threshold"),
    [("SystemErrors", "SystemErrors", 5), ("ThrottledRequests", "ThrottledRequests", 10)],
)
def test_faults_are_added_up_over_operations(stack: Stack, name: str, metric: str, threshold: int) -> None:
    found = alarm(stack, name)
    metrics = watched(found)
    assert {each["MetricName"] for each in metrics} == {metric}
    assert {each["Dimensions"]["Operation"] for each in metrics} == set(OPERATIONS)
    assert {(each["Stat"], each["Period"]) for each in metrics} == {("Sum", 60)}
    assert (found["Threshold"], found["EvaluationPeriods"], found["DatapointsToAlarm"]) == (threshold, 5, 3)


def test_an_operation_without_faults_hides_none_of_another(stack: Stack) -> None:
    silent: dict[str, float | None] = {operation.lower(): None for operation in OPERATIONS}
    text = expression(alarm(stack, "SystemErrors"))
    assert value(text, **silent) == 0
    assert value(text, **{**silent, "query": 3, "getitem": 4}) == 7


@pytest.mark.parametrize(("lag", "result"), [(None, 0), (400, 400), (6000, 6000)])
def test_no_writes_are_no_lag(stack: Stack, lag: float | None, result: float) -> None:
    found = alarm(stack, "ReplicationLag")
    assert value(expression(found), lag=lag) == result
    assert found["Threshold"] == 5000


@pytest.mark.parametrize(
    ("writes", "lag", "missing"), [(7, None, 7), (7, 300, 0), (None, None, 0), (None, 300, 0), (7, 0, 0)]
)
def test_writes_of_which_nothing_arrives_are_counted(
    stack: Stack, writes: float | None, lag: float | None, missing: float
) -> None:
    assert value(expression(alarm(stack, "UnreplicatedWrites")), writes=writes, lag=lag) == missing


def test_only_writes_by_clients_of_this_region_count(stack: Stack) -> None:
    (writes,) = (
        each
        for each in watched(alarm(stack, "UnreplicatedWrites"))
        if each["MetricName"] != "ReplicationLatency"
    )
    assert (writes["MetricName"], writes["Stat"]) == ("SuccessfulRequestLatency", "SampleCount")
    assert writes["Dimensions"] == {"TableName": "users-prod", "Operation": "TransactWriteItems"}


def test_one_late_period_is_not_taken_for_a_standstill(stack: Stack) -> None:
    found = alarm(stack, "UnreplicatedWrites")
    assert (found["EvaluationPeriods"], found["DatapointsToAlarm"]) == (3, 3)
