"""The REST API: its routes, its limits, and what it writes down."""

import json

import pytest

from pipeline.config import BETA
from tests.stacks.assembly import Assembly, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["BetaPrimary-Api"]


def test_it_is_regional(stack: Stack) -> None:
    api = stack.only("AWS::ApiGateway::RestApi")["Properties"]
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


def test_its_paths_are_those_of_the_contract(stack: Stack) -> None:
    assert _paths(stack) == {"/users", "/users/{user_id}", "/health"}


def test_every_method_of_a_path_reaches_the_function(stack: Stack) -> None:
    methods = [method["Properties"] for method in stack.of_type("AWS::ApiGateway::Method").values()]
    assert len(methods) == len(_paths(stack))
    assert {method["HttpMethod"] for method in methods} == {"ANY"}
    assert {method["Integration"]["Type"] for method in methods} == {"AWS_PROXY"}


def test_api_gateway_may_call_the_function_for_this_api_alone(stack: Stack) -> None:
    permission = stack.only("AWS::Lambda::Permission")["Properties"]
    (api_id,) = stack.of_type("AWS::ApiGateway::RestApi")
    assert permission["Principal"] == "apigateway.amazonaws.com"
    assert {"Ref": api_id} in permission["SourceArn"]["Fn::Join"][1]


def test_its_stage_is_throttled(stack: Stack) -> None:
    (settings,) = stack.only("AWS::ApiGateway::Stage")["Properties"]["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert settings["ThrottlingRateLimit"] == BETA.throttle.requests_per_second
    assert settings["ThrottlingBurstLimit"] == BETA.throttle.burst


def test_its_access_log_names_no_caller_and_no_user(stack: Stack) -> None:
    line = stack.only("AWS::ApiGateway::Stage")["Properties"]["AccessLogSetting"]["Format"]
    assert set(json.loads(line)) >= {"requestId", "status", "resourcePath", "responseLatency"}
    assert not {"$context.path", "$context.identity.sourceIp"} & set(json.loads(line).values())
    assert "body" not in line


def test_its_access_log_forgets(stack: Stack) -> None:
    setting = stack.only("AWS::ApiGateway::Stage")["Properties"]["AccessLogSetting"]
    group_id = setting["DestinationArn"]["Fn::Join"][1][1]["Ref"]
    group = stack.template["Resources"][group_id]
    assert group["Properties"]["RetentionInDays"] == BETA.logs.retention_days


def test_no_request_body_is_traced(stack: Stack) -> None:
    (settings,) = stack.only("AWS::ApiGateway::Stage")["Properties"]["MethodSettings"]
    assert settings["DataTraceEnabled"] is False


def test_its_stage_waits_for_leave_to_write_logs(stack: Stack) -> None:
    (account_id,) = stack.of_type("AWS::ApiGateway::Account")
    assert account_id in stack.only("AWS::ApiGateway::Stage")["DependsOn"]


def test_leave_to_write_logs_outlives_the_stack(stack: Stack) -> None:
    account = stack.only("AWS::ApiGateway::Account")
    role = stack.template["Resources"][account["Properties"]["CloudWatchRoleArn"]["Fn::GetAtt"][0]]
    assert (account["DeletionPolicy"], role["DeletionPolicy"]) == ("Retain", "Retain")


def _paths(stack: Stack) -> set[str]:
    """The path of each resource that has a method."""
    resources = stack.of_type("AWS::ApiGateway::Resource")

    def path(id_: str) -> str:
        if id_ not in resources:
            return ""
        properties = resources[id_]["Properties"]
        return f"{path(properties['ParentId'].get('Ref', ''))}/{properties['PathPart']}"

    methods = stack.of_type("AWS::ApiGateway::Method").values()
    return {path(method["Properties"]["ResourceId"]["Ref"]) for method in methods}
