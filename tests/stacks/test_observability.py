"""The observability stack: that it watches what the other stacks have, and that somebody hears of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.alarms import (
    COMPOSITE,
    METRIC_ALARM,
    alarms,
    expression,
    faults,
    threshold_faults,
    watched,
)
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.watching import HIGH, LAX, LOW, STRICT, observability

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]
PEERS = {"primary": "secondary", "secondary": "primary"}

Placed = tuple[Stack, Deployment, str]


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> Placed:
    """A stack, its deployment, and the role of its Region."""
    deployment, role = request.param
    return assembly.stacks[f"{deployment.name.title()}{role.title()}-Observability"], deployment, role


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return observability(tmp_path_factory.mktemp("strict"), objectives=STRICT, thresholds=LOW)


@pytest.fixture(scope="module")
def lax(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return observability(tmp_path_factory.mktemp("lax"), objectives=LAX, thresholds=HIGH)


def metrics(stack: Stack) -> list[dict[str, Any]]:
    """Every metric that an alarm of the stack watches."""
    return [
        dict(metric)
        for alarm in stack.of_type(METRIC_ALARM).values()
        for metric in watched(alarm["Properties"])
    ]


def test_is_in_its_own_region(placed: Placed) -> None:
    stack, deployment, role = placed
    assert stack.environment == f"aws://{deployment.account}/{getattr(deployment, f'{role}_region')}"


def test_an_alarm_without_an_action_would_be_found(strict: Stack) -> None:
    planted = json.loads(strict.template_file.read_text())
    (id_, *_) = (id_ for id_, each in planted["Resources"].items() if each["Type"] == COMPOSITE)
    del planted["Resources"][id_]["Properties"]["AlarmActions"]
    assert faults(planted) == [f"{id_} has no AlarmActions."]


def test_each_alarm_is_told_to_the_topic_of_the_stack(placed: Placed) -> None:
    stack, _, _ = placed
    (topic,) = stack.of_type("AWS::SNS::Topic")
    told = [alarm for alarm in alarms(stack.template).values() if "AlarmActions" in alarm]
    assert len(told) == 11
    for alarm in told:
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]


def test_every_threshold_comes_from_the_configuration(strict: Stack, lax: Stack) -> None:
    assert threshold_faults(strict.template, lax.template) == []
    assert set(strict.of_type(METRIC_ALARM)) == set(lax.of_type(METRIC_ALARM))


def test_what_is_slow_and_how_many_requests_are_judged_come_from_the_configuration(
    strict: Stack, lax: Stack
) -> None:
    for stack, objectives, thresholds in ((strict, STRICT, LOW), (lax, LAX, HIGH)):
        slow = {each["Stat"] for each in metrics(stack) if each["MetricName"] == "Latency"}
        assert slow == {f"PR(:{objectives.latency_ms})"}
        judged = [
            expression(each["Properties"])
            for id_, each in stack.of_type(METRIC_ALARM).items()
            if id_.startswith("ApiPromises")
        ]
        assert len(judged) == 8
        assert all(f"requests >= {thresholds.judged_requests}," in text for text in judged)


def test_a_threshold_of_its_own_would_be_found(strict: Stack, lax: Stack) -> None:
    planted = json.loads(lax.template_file.read_text())
    (id_, alarm), *_ = strict.of_type(METRIC_ALARM).items()
    planted["Resources"][id_]["Properties"]["Threshold"] = alarm["Properties"]["Threshold"]
    (fault,) = threshold_faults(strict.template, planted)
    assert fault.startswith(id_)


def test_the_api_that_is_watched_is_the_one_that_is_deployed(placed: Placed, assembly: Assembly) -> None:
    stack, deployment, role = placed
    api = assembly.stacks[f"{deployment.name.title()}{role.title()}-Api"]
    name = api.only("AWS::ApiGateway::RestApi")["Properties"]["Name"]
    stage = api.only("AWS::ApiGateway::Stage")["Properties"]["StageName"]
    dimensions = [each["Dimensions"] for each in metrics(stack) if each["Namespace"] == "AWS/ApiGateway"]
    assert len(dimensions) == 16
    assert all(each == {"ApiName": name, "Stage": stage} for each in dimensions)


def test_the_table_that_is_watched_is_the_one_that_is_deployed(placed: Placed, assembly: Assembly) -> None:
    stack, deployment, _ = placed
    data = assembly.stacks[f"{deployment.name.title()}Data-Data"]
    name = data.only("AWS::DynamoDB::GlobalTable")["Properties"]["TableName"]
    dimensions = [each["Dimensions"] for each in metrics(stack) if each["Namespace"] == "AWS/DynamoDB"]
    assert {each["TableName"] for each in dimensions} == {name}


def test_lag_is_watched_where_it_is_written_for_the_other_region(placed: Placed) -> None:
    stack, deployment, role = placed
    lags = [each["Dimensions"] for each in metrics(stack) if each["MetricName"] == "ReplicationLatency"]
    assert {each["ReceivingRegion"] for each in lags} == {getattr(deployment, f"{PEERS[role]}_region")}


def test_without_a_domain_nothing_says_fail_over(tmp_path: Path, strict: Stack) -> None:
    alone = observability(tmp_path, objectives=STRICT, thresholds=LOW, domain=None)
    gone = set(alarms(strict.template)) - set(alarms(alone.template))
    assert {strict.template["Resources"][id_]["Properties"]["AlarmName"] for id_ in gone} == {
        "users-watched-fail-over",
        "users-watched-fail-over-with-loss",
    }
    assert faults(alone.template) == []


def test_an_alarm_never_reaches_into_another_stack(placed: Placed) -> None:
    text = placed[0].template_file.read_text()
    assert "Fn::ImportValue" not in text
    assert '"Outputs"' not in text


def test_only_what_must_be_found_has_a_name_of_ours(placed: Placed) -> None:
    stack, deployment, _ = placed
    assert stack.only("AWS::SNS::Topic")["Properties"]["TopicName"] == f"{deployment.service}-alarms"
    assert not any("AlarmName" in each["Properties"] for each in stack.of_type(METRIC_ALARM).values())
    assert "DashboardName" not in stack.only("AWS::CloudWatch::Dashboard")["Properties"]
