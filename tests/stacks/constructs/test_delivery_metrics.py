"""The metrics of delivery: who tells of what, what the function may do, and what the page shows."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from pipeline.measures import handler
from pipeline.measures.history import leading_to
from stacks import guardrails
from stacks.constructs.delivery_function import NAMESPACE
from stacks.constructs.delivery_metrics import DeliveryMetrics
from stacks.refused import Refused
from stacks.sizing import LogPolicy
from tests.pipeline.measures.code_pipeline import PIPELINE, CodePipeline, action
from tests.stacks import assembly
from tests.stacks.assembly import Resource, Stack
from tests.stacks.grants import faults, rights

HANDLER = "pipeline.measures.handler.handle"
ARN = "arn:aws:codepipeline:eu-west-1:333333333333:Users"
EVENT: Mapping[str, Any] = {
    "source": "aws.codepipeline",
    "detail-type": "CodePipeline Stage Execution State Change",
    "detail": {"pipeline": "Users", "stage": "Beta", "state": "FAILED", "execution-id": "1"},
}


def synthesize(folder: Path) -> Stack:
    """A stack with nothing but these metrics, through the guardrails that every stack goes through."""
    app = guardrails.strict_app(outdir=str(folder), context={})
    env = cdk.Environment(account="333333333333", region="eu-west-1")
    stack = cdk.Stack(app, "Pipeline", env=env)
    DeliveryMetrics(
        stack,
        "Delivery",
        pipeline=codepipeline.Pipeline.from_pipeline_arn(stack, "Imported", ARN),
        stages=["Beta", "Prod"],
        logs=LogPolicy(retention_days=365, retain=False),
    )
    guardrails.enforce(app, deployments=[])
    guardrails.synthesize(app)
    return assembly.read(folder).pipeline["Pipeline"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return synthesize(tmp_path_factory.mktemp("delivery"))


@pytest.fixture
def function(stack: Stack) -> Resource:
    found: Resource = stack.only("AWS::Lambda::Function")["Properties"]
    return found


def takes(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether an event matches a pattern of plain values, as EventBridge has it."""
    return all(
        takes(wanted, event[key]) if isinstance(wanted, Mapping) else event[key] in wanted
        for key, wanted in pattern.items()
    )


def test_the_ends_of_the_stages_of_this_pipeline_are_told_and_no_others(stack: Stack) -> None:
    pattern = stack.only("AWS::Events::Rule")["Properties"]["EventPattern"]
    assert takes(pattern, EVENT)
    for key, other in (("pipeline", "Other"), ("stage", "Build"), ("state", "STOPPED")):
        assert not takes(pattern, {**EVENT, "detail": {**EVENT["detail"], key: other}})
    assert set(pattern["detail"]["state"]) == handler.STATES.keys()


def test_only_the_rule_may_call_the_function(stack: Stack) -> None:
    (rule,) = stack.of_type("AWS::Events::Rule")
    permission = stack.only("AWS::Lambda::Permission")["Properties"]
    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["SourceArn"] == {"Fn::GetAtt": [rule, "Arn"]}


def test_the_function_may_read_the_history_of_one_pipeline_and_write_its_log_and_traces(
    stack: Stack,
) -> None:
    ((log,), (queue,)) = (stack.of_type(each) for each in ("AWS::Logs::LogGroup", "AWS::SQS::Queue"))
    may = rights(stack.template, handler=HANDLER)
    assert may == {
        ARN: {"codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions"},
        json.dumps({"Fn::GetAtt": [log, "Arn"]}): {"logs:CreateLogStream", "logs:PutLogEvents"},
        json.dumps({"Fn::GetAtt": [queue, "Arn"]}): {"sqs:SendMessage"},
        "*": {"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
    }
    assert faults(stack.template, region="eu-west-1") == []


def test_every_call_of_the_function_is_one_that_it_may_make(stack: Stack) -> None:
    history = CodePipeline()
    history.add("1", action("Prod", "Deploy", "Failed", 0, 5))
    client, stubber = history.client("1")
    client.meta.events.register("before-parameter-build", lambda model, **_: calls.add(model.name))
    calls: set[str] = set()
    leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="1")
    stubber.assert_no_pending_responses()
    assert {f"codepipeline:{call}" for call in calls} == rights(stack.template, handler=HANDLER)[ARN]


def test_the_function_runs_the_handler_of_the_package_that_is_shipped(
    stack: Stack, function: Resource
) -> None:
    module, name = function["Handler"].rsplit(".", 1)
    assert (module, name) == (handler.__name__, handler.handle.__name__)
    assert (function["Runtime"], function["Architectures"]) == ("python3.14", ["arm64"])
    (asset,) = stack.template_file.parent.glob("asset.*/pipeline/measures/handler.py")
    assert asset.read_bytes() == Path(handler.__file__).read_bytes()
    assert sum(file.stat().st_size for file in asset.parents[2].rglob("*") if file.is_file()) < 50_000


def test_what_could_not_be_handled_is_kept(stack: Stack, function: Resource) -> None:
    (queue,) = stack.of_type("AWS::SQS::Queue")
    assert function["DeadLetterConfig"] == {"TargetArn": {"Fn::GetAtt": [queue, "Arn"]}}


def test_its_log_forgets_and_each_of_its_calls_is_traced(stack: Stack, function: Resource) -> None:
    group = stack.template["Resources"][function["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["Properties"]["RetentionInDays"] == 365
    assert function["TracingConfig"] == {"Mode": "Active"}


def shown(stack: Stack) -> Iterator[list[Any]]:
    """The metrics of the page: namespace, name, dimensions, options."""
    body = stack.only("AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"]
    text = body if isinstance(body, str) else "".join(str(part) for part in body["Fn::Join"][1])
    for widget in json.loads(text)["widgets"]:
        yield from (each for each in widget["properties"]["metrics"] if isinstance(each[0], str))


def test_the_page_shows_each_metric_that_the_function_writes_of_each_stage(
    stack: Stack, function: Resource
) -> None:
    assert function["Environment"]["Variables"] == {"METRICS_NAMESPACE": NAMESPACE}
    told = {(each[0], each[1], *each[2:6]) for each in shown(stack)}
    assert told == {
        (NAMESPACE, name, "Pipeline", "Users", "Stage", stage)
        for name in handler.UNITS
        for stage in ("Beta", "Prod")
    }
    assert set(handler.DIMENSIONS) == {"Pipeline", "Stage"}


def test_a_right_that_is_too_wide_would_stop_the_app(tmp_path: Path) -> None:
    def planted(pipeline: codepipeline.IPipeline) -> Any:  # noqa: ANN401 - CDK's class
        return iam.PolicyStatement(actions=["codepipeline:*"], resources=[pipeline.pipeline_arn])

    with (
        mock.patch("stacks.constructs.delivery_function._reads", planted),
        pytest.raises(Refused, match="IAM5"),
    ):
        synthesize(tmp_path)


def test_a_rule_that_leaves_out_the_pipeline_would_be_found(tmp_path: Path) -> None:
    def planted(_pipeline: Construct, stages: list[str]) -> events.EventPattern:
        return events.EventPattern(source=["aws.codepipeline"], detail={"stage": stages})

    with mock.patch("stacks.constructs.delivery_metrics._ends", planted):
        pattern = synthesize(tmp_path).only("AWS::Events::Rule")["Properties"]["EventPattern"]
    assert takes(pattern, {**EVENT, "detail": {**EVENT["detail"], "pipeline": "Other"}})
