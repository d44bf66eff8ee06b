"""The REST API: its routes, its limits, and what it writes down."""

import json

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from pipeline.config import BETA
from tests.stacks.assembly import Assembly, Resource, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["BetaPrimary-Api"]


def test_it_is_regional(stack: Stack) -> None:
    api = stack.only("AWS::ApiGateway::RestApi")["Properties"]
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


def test_its_paths_are_those_of_the_contract(stack: Stack) -> None:
    assert _paths(stack) == {
        *("/users", "/users/{user_id}", "/health", "/openapi.json", "/user", "/user/{user_id}"),
        *("/batch", "/query"),
    }


def test_every_method_of_a_path_reaches_its_function(stack: Stack) -> None:
    for path in _paths(stack):
        function = {"/batch": "batch", "/query": "query"}.get(path, "crud")
        methods = _methods(stack, path)
        assert "ANY" in methods
        for method in methods.values():
            assert method["Integration"]["Type"] == "AWS_PROXY"
            assert _handler(stack, method) == f"lambdas.users.handlers.{function}.handler"


def test_a_method_with_a_body_is_validated(stack: Stack) -> None:
    (validator,) = stack.of_type("AWS::ApiGateway::RequestValidator")
    validated = {
        (path, verb): method["RequestModels"]["application/json"]["Ref"]
        for path in _paths(stack)
        for verb, method in _methods(stack, path).items()
        if method.get("RequestValidatorId") == {"Ref": validator}
    }
    assert set(validated) == {
        ("/users", "POST"),
        ("/users/{user_id}", "PUT"),
        ("/batch", "POST"),
        ("/user", "POST"),
    }
    assert set(validated.values()) == set(stack.of_type("AWS::ApiGateway::Model"))


def test_the_validator_looks_at_bodies_and_parameters(stack: Stack) -> None:
    validator = stack.only("AWS::ApiGateway::RequestValidator")["Properties"]
    assert (validator["ValidateRequestBody"], validator["ValidateRequestParameters"]) == (True, True)


def test_a_model_is_draft_4_and_leaves_what_is_an_object_to_the_functions(stack: Stack) -> None:
    for model in stack.of_type("AWS::ApiGateway::Model").values():
        schema = model["Properties"]["Schema"]
        assert schema["$schema"] == "http://json-schema.org/draft-04/schema#"
        Draft4Validator.check_schema(schema)
        assert Draft4Validator(schema).is_valid({"name": None, "users": 7, "more": []})
        assert not Draft4Validator(schema).is_valid([])


def test_a_model_has_a_name_that_api_gateway_takes(stack: Stack) -> None:
    names = [model["Properties"]["Name"] for model in stack.of_type("AWS::ApiGateway::Model").values()]
    assert all(name.isalnum() for name in names)


def test_api_gateway_may_call_each_function_for_this_api_alone(stack: Stack) -> None:
    (api_id,) = stack.of_type("AWS::ApiGateway::RestApi")
    permissions = [each["Properties"] for each in stack.of_type("AWS::Lambda::Permission").values()]
    assert len(permissions) == 3
    for permission in permissions:
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
    return {_path(stack, method) for method in stack.of_type("AWS::ApiGateway::Method").values()}


def _methods(stack: Stack, path: str) -> dict[str, Resource]:
    """The methods of a path, by verb."""
    methods = stack.of_type("AWS::ApiGateway::Method").values()
    return {
        each["Properties"]["HttpMethod"]: each["Properties"] for each in methods if _path(stack, each) == path
    }


def _path(stack: Stack, method: Resource) -> str:
    """The path of a method."""
    resources, path = stack.of_type("AWS::ApiGateway::Resource"), ""
    id_ = method["Properties"]["ResourceId"]["Ref"]
    while id_ in resources:
        path = f"/{resources[id_]['Properties']['PathPart']}{path}"
        id_ = resources[id_]["Properties"]["ParentId"].get("Ref", "")
    return path


def _handler(stack: Stack, method: Resource) -> str:
    """The handler that a method reaches."""
    parts = method["Integration"]["Uri"]["Fn::Join"][1]
    (function,) = (part["Fn::GetAtt"][0] for part in parts if isinstance(part, dict) and "Fn::GetAtt" in part)
    handler: str = stack.template["Resources"][function]["Properties"]["Handler"]
    return handler
