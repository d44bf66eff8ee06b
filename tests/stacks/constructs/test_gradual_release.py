"""Releases of functions: what is called is an alias, and CodeDeploy moves it or moves it back."""

import copy
import json
from collections.abc import Iterator

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Resource, Stack, Template
from tests.stacks.watched import watched

STACKS = [
    (deployment, f"{deployment.name.title()}{role}-{stack}")
    for deployment in DEPLOYMENTS
    for role in ("Primary", "Secondary")
    for stack in ("Api", "Events")
]
CALLERS = {"AWS::ApiGateway::Method", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"}
LOOKUP = (
    "lambdas.provisioning.table_stream.handler"  # called by CloudFormation alone, while a stack is deployed
)


@pytest.fixture(params=STACKS, ids=lambda param: param[1])
def released(request: pytest.FixtureRequest, assembly: Assembly) -> tuple[Stack, Deployment]:
    deployment, name = request.param
    return assembly.stacks[name], deployment


@pytest.fixture
def stack(released: tuple[Stack, Deployment]) -> Stack:
    return released[0]


def callers_without_alias(template: Template) -> Iterator[str]:
    """Whatever calls a function of the template, or may call it, and names no alias."""
    aliases = {id_ for id_, each in template["Resources"].items() if each["Type"] == "AWS::Lambda::Alias"}
    for id_, resource in template["Resources"].items():
        if resource["Type"] in CALLERS:
            text = json.dumps(resource["Properties"])
            if not any(json.dumps({"Ref": alias}) in text for alias in aliases):
                yield id_


def functions(stack: Stack) -> dict[str, Resource]:
    """The functions that are released, by logical id."""
    found = stack.of_type("AWS::Lambda::Function")
    return {id_: each for id_, each in found.items() if each["Properties"]["Handler"] != LOOKUP}


def alarms_of(stack: Stack, group: Resource) -> dict[str, Resource]:
    """The alarms that send a release of a group back, by the metric that they watch."""
    ids = [alarm["Name"]["Ref"] for alarm in group["Properties"]["AlarmConfiguration"]["Alarms"]]
    alarms = [stack.template["Resources"][id_] for id_ in ids]
    return {f"{watched(alarm).namespace} {watched(alarm).name}": alarm for alarm in alarms}


def test_every_function_that_is_called_has_an_alias_of_its_newest_version(stack: Stack) -> None:
    aliases = [each["Properties"] for each in stack.of_type("AWS::Lambda::Alias").values()]
    versions = stack.of_type("AWS::Lambda::Version")
    assert sorted(alias["FunctionName"]["Ref"] for alias in aliases) == sorted(functions(stack))
    for alias in aliases:
        version, attribute = alias["FunctionVersion"]["Fn::GetAtt"]
        assert (alias["Name"], attribute) == ("live", "Version")
        assert versions[version]["Properties"]["FunctionName"] == alias["FunctionName"]


def test_whatever_calls_a_function_calls_its_alias(stack: Stack) -> None:
    assert any(each["Type"] in CALLERS for each in stack.template["Resources"].values())
    assert list(callers_without_alias(stack.template)) == []


def test_a_caller_of_a_function_itself_would_be_found(stack: Stack) -> None:
    template = copy.deepcopy(dict(stack.template))
    (name, *_), (function, *_) = stack.of_type("AWS::Lambda::Alias"), functions(stack)
    text = json.dumps(template).replace(
        json.dumps({"Ref": name}), json.dumps({"Fn::GetAtt": [function, "Arn"]})
    )
    assert list(callers_without_alias(json.loads(text))) != []


def test_a_version_outlives_the_release_that_replaces_it(stack: Stack) -> None:
    versions = stack.of_type("AWS::Lambda::Version").values()
    assert {(each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in versions} == {
        ("Retain", "Retain")
    }
    assert not any("Description" in each["Properties"] for each in versions)


def test_an_alias_is_moved_by_codedeploy(stack: Stack) -> None:
    (application,) = stack.of_type("AWS::CodeDeploy::Application")
    assert stack.only("AWS::CodeDeploy::Application")["Properties"]["ComputePlatform"] == "Lambda"
    groups = stack.of_type("AWS::CodeDeploy::DeploymentGroup")
    used = []
    for alias in stack.of_type("AWS::Lambda::Alias").values():
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert update["ApplicationName"] == {"Ref": application}
        used.append(update["DeploymentGroupName"]["Ref"])
    assert sorted(used) == sorted(groups)


def test_a_tenth_of_the_calls_goes_first_for_as_long_as_the_deployment_says(
    released: tuple[Stack, Deployment],
) -> None:
    stack, deployment = released
    for group in stack.of_type("AWS::CodeDeploy::DeploymentGroup").values():
        canary = f"LambdaCanary10Percent{deployment.functions.canary_minutes}Minutes"
        assert group["Properties"]["DeploymentConfigName"] == f"CodeDeployDefault.{canary}"
        assert group["Properties"]["DeploymentStyle"] == {
            "DeploymentOption": "WITH_TRAFFIC_CONTROL",
            "DeploymentType": "BLUE_GREEN",
        }


def test_a_release_goes_back_on_an_alarm_on_failure_and_when_it_is_stopped(stack: Stack) -> None:
    for group in stack.of_type("AWS::CodeDeploy::DeploymentGroup").values():
        assert group["Properties"]["AlarmConfiguration"]["Enabled"] is True
        assert group["Properties"]["AutoRollbackConfiguration"] == {
            "Enabled": True,
            "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        }


def test_the_api_and_the_new_version_decide_on_a_release(stack: Stack) -> None:
    api = {"AWS/ApiGateway 5XXError", "AWS/ApiGateway Latency"} if stack.path.endswith("/Api") else set()
    for group in stack.of_type("AWS::CodeDeploy::DeploymentGroup").values():
        assert set(alarms_of(stack, group)) == {"AWS/Lambda Errors", *api}


def test_errors_are_counted_of_the_version_that_the_alias_gets(stack: Stack) -> None:
    groups = stack.of_type("AWS::CodeDeploy::DeploymentGroup")
    for alias in stack.of_type("AWS::Lambda::Alias").values():
        group = groups[alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]]
        errors = alarms_of(stack, group)["AWS/Lambda Errors"]
        function = alias["Properties"]["FunctionName"]
        assert watched(errors).dimensions == {
            "FunctionName": function,
            "Resource": {"Fn::Join": ["", [function, ":live"]]},
            "ExecutedVersion": alias["Properties"]["FunctionVersion"],
        }
        assert watched(errors).statistic == "Sum"
        assert (errors["Properties"]["Threshold"], errors["Properties"]["EvaluationPeriods"]) == (1, 1)


def test_codedeploy_may_move_these_aliases_and_read_their_alarms(stack: Stack) -> None:
    group = next(iter(stack.of_type("AWS::CodeDeploy::DeploymentGroup").values()))
    role = group["Properties"]["ServiceRoleArn"]["Fn::GetAtt"][0]
    properties = stack.template["Resources"][role]["Properties"]
    assert "ManagedPolicyArns" not in properties
    (policy,) = (
        each
        for each in stack.of_type("AWS::IAM::Policy").values()
        if {"Ref": role} in each["Properties"]["Roles"]
    )
    move, read = policy["Properties"]["PolicyDocument"]["Statement"]
    groups = stack.of_type("AWS::CodeDeploy::DeploymentGroup").values()
    alarms = {
        alarm["Name"]["Ref"]
        for each in groups
        for alarm in each["Properties"]["AlarmConfiguration"]["Alarms"]
    }
    readable = read["Resource"] if isinstance(read["Resource"], list) else [read["Resource"]]
    assert read["Action"] == "cloudwatch:DescribeAlarms"
    assert sorted(readable, key=str) == [{"Fn::GetAtt": [id_, "Arn"]} for id_ in sorted(alarms)]
    assert move["Action"] == [
        "lambda:GetAlias",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:UpdateAlias",
    ]
    arns = [{"Fn::GetAtt": [id_, "Arn"]} for id_ in functions(stack)]
    aliases = [{"Fn::Join": ["", [arn, ":live"]]} for arn in arns]
    assert sorted(move["Resource"], key=str) == sorted([*arns, *aliases], key=str)


def test_a_group_waits_for_the_rights_of_its_role(stack: Stack) -> None:
    policies = stack.of_type("AWS::IAM::Policy")
    for group in stack.of_type("AWS::CodeDeploy::DeploymentGroup").values():
        needed = [id_ for id_ in group["DependsOn"] if id_ in policies]
        assert any("lambda:UpdateAlias" in json.dumps(policies[id_]) for id_ in needed)
