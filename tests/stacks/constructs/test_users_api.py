"""The REST API: its routes, its limits, and what it writes down."""

import dataclasses
import json

import aws_cdk as cdk
import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from pipeline.config import BETA
from pipeline.stage import RegionStage
from stacks import endpoints
from stacks.constructs.users_api import UnroutedMethod
from stacks.request_bodies import request_bodies
from stacks.sizing import Throttle
from tests.stacks.assembly import Assembly, Resource, Stack
from tests.stacks.constructs.conftest import PlacedApi


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["BetaPrimary-Api"]


def test_it_is_regional(stack: Stack) -> None:
    api = stack.only("AWS::ApiGateway::RestApi")["Properties"]
    assert api["EndpointConfiguration"] == {"IpAddressType": "dualstack", "Types": ["REGIONAL"]}


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
        assert permission["FunctionName"]["Ref"] in stack.of_type("AWS::Lambda::Alias")
        assert {"Ref": api_id} in permission["SourceArn"]["Fn::Join"][1]


def test_its_stage_is_throttled(placed: PlacedApi) -> None:
    settings, throttle = _settings(placed.stack)["* /*"], placed.deployment.api.throttle
    assert settings["ThrottlingRateLimit"] == throttle.requests_per_second
    assert settings["ThrottlingBurstLimit"] == throttle.burst


def test_a_method_is_throttled_by_itself_where_the_deployment_says_so(placed: PlacedApi) -> None:
    settings, methods = _settings(placed.stack), placed.deployment.api.methods
    assert set(settings) == {"* /*", *methods} == {"* /*", "POST /batch"}
    for method, throttle in methods.items():
        assert settings[method]["ThrottlingRateLimit"] == throttle.requests_per_second
        assert settings[method]["ThrottlingBurstLimit"] == throttle.burst


def test_what_may_be_throttled_is_what_is_routed(stack: Stack) -> None:
    found = {f"{verb} {path}" for path in _paths(stack) for verb in _methods(stack, path)}
    assert found == set(endpoints.methods(request_bodies()))


@pytest.mark.parametrize("method", ["GET /users", "POST /batches", "POST batch", "ANY", ""])
def test_a_limit_for_a_method_that_is_not_routed_is_refused(method: str) -> None:
    policy = dataclasses.replace(BETA.api, methods={method: Throttle(requests_per_second=1, burst=1)})
    deployment = dataclasses.replace(BETA, api=policy)
    with pytest.raises(
        UnroutedMethod, match=f"methods must name methods of the API, not '{method}'; it has ANY"
    ):
        RegionStage(cdk.App(), "Stage", deployment=deployment, region="eu-west-1", peer_region="eu-central-1")


def test_each_request_is_traced(placed: PlacedApi) -> None:
    assert placed.stack.only("AWS::ApiGateway::Stage")["Properties"]["TracingEnabled"] is True


def test_its_access_log_names_no_caller_and_no_user(stack: Stack) -> None:
    line = stack.only("AWS::ApiGateway::Stage")["Properties"]["AccessLogSetting"]["Format"]
    assert set(json.loads(line)) >= {"requestId", "status", "resourcePath", "responseLatency"}
    assert not {"$context.path", "$context.identity.sourceIp"} & set(json.loads(line).values())
    assert "body" not in line


def test_its_access_log_forgets(stack: Stack) -> None:
    setting = stack.only("AWS::ApiGateway::Stage")["Properties"]["AccessLogSetting"]
    group_id = setting["DestinationArn"]["Fn::Join"][1][1]["Ref"]
    group = stack.template["Resources"][group_id]
    assert group["Properties"]["RetentionInDays"] == BETA.functions.logs.retention_days


def test_no_request_body_is_traced(stack: Stack) -> None:
    assert {each["DataTraceEnabled"] for each in _settings(stack).values()} == {False}


def test_its_stage_waits_for_leave_to_write_logs(stack: Stack) -> None:
    (account_id,) = stack.of_type("AWS::ApiGateway::Account")
    assert account_id in stack.only("AWS::ApiGateway::Stage")["DependsOn"]


def test_leave_to_write_logs_outlives_the_stack(stack: Stack) -> None:
    account = stack.only("AWS::ApiGateway::Account")
    role = stack.template["Resources"][account["Properties"]["CloudWatchRoleArn"]["Fn::GetAtt"][0]]
    assert (account["DeletionPolicy"], role["DeletionPolicy"]) == ("Retain", "Retain")


def _settings(stack: Stack) -> dict[str, Resource]:
    """The settings of methods, by method (`POST /batch`)."""
    settings = stack.only("AWS::ApiGateway::Stage")["Properties"]["MethodSettings"]
    return {
        f"{each['HttpMethod']} {each['ResourcePath'].replace('/~1', '/').replace('~1', '/')}": each
        for each in settings
    }


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
    aliases = stack.of_type("AWS::Lambda::Alias")
    (alias,) = (
        aliases[part["Ref"]] for part in parts if isinstance(part, dict) and part.get("Ref") in aliases
    )
    function = alias["Properties"]["FunctionName"]["Ref"]
    handler: str = stack.template["Resources"][function]["Properties"]["Handler"]
    return handler
