"""The page of a Region: it shows what is told, and finds by name what other stacks made."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from lambdas.users.telemetry import Telemetry
from pipeline.config import DEPLOYMENTS
from stacks import names
from stacks.constructs.region_dashboard import ROUTE_METRICS
from stacks.constructs.users_function import TELEMETRY
from tests.stacks.alarms import alarms
from tests.stacks.assembly import Assembly, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdSecondary-Observability"]


@pytest.fixture
def widgets(stack: Stack) -> list[dict[str, Any]]:
    """The widgets, with each reference replaced by the logical id that it names."""
    body = stack.only("AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else next(iter(_ids(part))) for part in body)
    found = json.loads(text)["widgets"]
    assert isinstance(found, list)
    return found


def titled(widgets: list[dict[str, Any]], title: str) -> dict[str, Any]:
    (found,) = (each["properties"] for each in widgets if each["properties"]["title"] == title)
    assert isinstance(found, dict)
    return found


def searches(widgets: list[dict[str, Any]]) -> list[str]:
    """Every search expression."""
    rows = [row for each in widgets for row in each["properties"].get("metrics", [])]
    return [row[0]["expression"] for row in rows if "SEARCH" in str(row[0])]


def test_every_alarm_that_is_told_is_shown(stack: Stack, widgets: list[dict[str, Any]]) -> None:
    told = {id_ for id_, alarm in alarms(stack.template).items() if "AlarmActions" in alarm}
    assert set(titled(widgets, "Alarms")["alarms"]) == told


def test_rows_fill_the_page(widgets: list[dict[str, Any]]) -> None:
    widths: dict[int, int] = {}
    for each in widgets:
        widths[each["y"]] = widths.get(each["y"], 0) + each["width"]
    assert set(widths.values()) == {24}


def test_a_line_stands_where_each_alarm_is_raised(widgets: list[dict[str, Any]]) -> None:
    lines = {
        each["properties"]["title"]: [
            line["value"] for line in each["properties"]["annotations"]["horizontal"]
        ]
        for each in widgets
        if "annotations" in each["properties"]
    }
    assert lines == {
        "Answered 5xx, %": [1.44, 0.6],
        "Slower than 1000 ms, %": [14.4, 6],
        "Latency, ms": [1000],
        "Table: throttles": [10],
        "Table: system errors": [5],
        "Replication to eu-west-1, ms": [5000],
        "Writes without eu-west-1": [1],
        "Stream: age, ms": [60_000],
        "Stream: dead letters": [1],
    }


def test_functions_and_queues_are_found_by_how_their_generated_names_begin(
    widgets: list[dict[str, Any]], assembly: Assembly
) -> None:
    terms = {
        found[1]
        for text in searches(widgets)
        if (found := re.search(r" (?:FunctionName|QueueName)=(\w+)", text))
    }
    (term,) = terms
    searched = {
        name
        for name, each in assembly.stacks.items()
        if each.of_type("AWS::Lambda::Function") or each.of_type("AWS::SQS::Queue")
    }
    # CloudFormation begins a generated name with the stack's own, and a search matches whole words.
    assert {name for name in searched if name.split("-")[0] == term} == {
        "ProdSecondary-Api",
        "ProdSecondary-Backup",
        "ProdSecondary-Events",
    }


def test_nothing_that_is_searched_for_has_a_chosen_name_but_what_the_runbook_calls(
    assembly: Assembly,
) -> None:
    services = [deployment.service for deployment in DEPLOYMENTS]
    called = {name(service) for name in (names.validator, names.replayer) for service in services}
    chosen = {
        each["Properties"][name]
        for stack in assembly.stacks.values()
        for type_, name in (("AWS::Lambda::Function", "FunctionName"), ("AWS::SQS::Queue", "QueueName"))
        for each in stack.of_type(type_).values()
        if name in each["Properties"]
    }
    assert chosen == called


def test_routes_are_found_by_the_dimensions_and_names_that_functions_write(
    widgets: list[dict[str, Any]],
) -> None:
    (directive,) = _written()["_aws"]["CloudWatchMetrics"]
    (dimensions,) = directive["Dimensions"]
    schema = ",".join((directive["Namespace"], *sorted(dimensions)))
    names = {each["Name"] for each in directive["Metrics"]}
    assert set(ROUTE_METRICS) == names
    assert {text for text in searches(widgets) if "{Users" in text} == {
        f"SEARCH('{{{schema}}} MetricName=\"{name}\"', '{statistic}', 60)"
        for name, statistic in ROUTE_METRICS.items()
    }


def test_no_search_is_longer_than_cloudwatch_takes(widgets: list[dict[str, Any]]) -> None:
    found = searches(widgets)
    assert len(found) == 10
    assert all(len(text) <= 1024 for text in found)


def _written() -> dict[str, Any]:
    """The line that a function writes about one request."""
    log = io.StringIO()
    logger = Logger(service=TELEMETRY["POWERTOOLS_SERVICE_NAME"], stream=log)
    metrics = EphemeralMetrics(
        namespace=TELEMETRY["POWERTOOLS_METRICS_NAMESPACE"], service=TELEMETRY["POWERTOOLS_SERVICE_NAME"]
    )
    Telemetry(logger, metrics, region="eu-west-1").record(
        request_id="1",
        route="/users",
        method="GET",
        status=200,
        duration_ms=1.0,
        capacity=1.0,
        requests=1,
        failure=None,
    )
    line = json.loads(log.getvalue())
    assert isinstance(line, dict)
    return line


def _ids(reference: dict[str, Any]) -> Iterator[str]:
    """The logical id that a Ref or a Fn::GetAtt names."""
    for value in reference.values():
        yield value if isinstance(value, str) else value[0]
