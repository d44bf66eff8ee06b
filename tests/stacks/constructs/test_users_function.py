"""A function: its size, its log, and who may become its role."""

import pytest

from pipeline.config import BETA, LOCAL
from tests.stacks.assembly import Assembly, Resource, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["BetaPrimary-Api"]


@pytest.fixture(params=["CrudFunction", "BatchFunction", "QueryFunction"])
def function(request: pytest.FixtureRequest, stack: Stack) -> Resource:
    functions = stack.of_type("AWS::Lambda::Function")
    properties: Resource = next(
        f["Properties"] for id_, f in functions.items() if id_.startswith(request.param)
    )
    return properties


def test_it_has_the_size_of_its_deployment(function: Resource) -> None:
    assert function["MemorySize"] == BETA.functions.size.memory_mb
    assert function["Timeout"] == BETA.functions.size.timeout_seconds
    assert function["ReservedConcurrentExecutions"] == BETA.functions.size.reserved_concurrency == 20


def test_it_runs_on_graviton(function: Resource) -> None:
    assert (function["Runtime"], function["Architectures"]) == ("python3.14", ["arm64"])


def test_it_logs_to_a_group_that_forgets(function: Resource, stack: Stack) -> None:
    group = stack.template["Resources"][function["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["Properties"]["RetentionInDays"] == BETA.functions.logs.retention_days
    assert group["DeletionPolicy"] == "Delete"


def test_its_role_is_for_lambda_alone_and_has_no_managed_policy(function: Resource, stack: Stack) -> None:
    role_id = function["Role"]["Fn::GetAtt"][0]
    role = stack.template["Resources"][role_id]["Properties"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "ManagedPolicyArns" not in role


def test_its_name_is_generated(function: Resource) -> None:
    assert "FunctionName" not in function


def test_each_of_its_calls_is_traced_with_rights_that_it_waits_for(function: Resource, stack: Stack) -> None:
    assert function["TracingConfig"] == {"Mode": "Active"}
    (id_,) = (
        id_ for id_, each in stack.of_type("AWS::Lambda::Function").items() if each["Properties"] == function
    )
    policies = stack.of_type("AWS::IAM::Policy")
    waits = [policies[each] for each in stack.template["Resources"][id_]["DependsOn"] if each in policies]
    (tracing,) = (each for each in waits if "xray:PutTraceSegments" in str(each))
    (statement,) = tracing["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Resource"] == "*"  # and so this policy says nothing else
    assert statement["Action"] == ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    assert tracing["Properties"]["Roles"] == [{"Ref": function["Role"]["Fn::GetAtt"][0]}]


def test_without_a_reservation_it_is_in_the_pool_of_its_account(assembly: Assembly) -> None:
    assert LOCAL.functions.size.reserved_concurrency is None
    for each in assembly.stacks["LocalPrimary-Api"].of_type("AWS::Lambda::Function").values():
        assert "ReservedConcurrentExecutions" not in each["Properties"]
