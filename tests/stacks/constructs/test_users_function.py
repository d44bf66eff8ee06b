"""A function: its size, its log, and who may become its role."""

import pytest

from pipeline.config import BETA
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
    assert function["MemorySize"] == BETA.function_size.memory_mb
    assert function["Timeout"] == BETA.function_size.timeout_seconds
    assert "ReservedConcurrentExecutions" not in function


def test_it_runs_on_graviton(function: Resource) -> None:
    assert (function["Runtime"], function["Architectures"]) == ("python3.14", ["arm64"])


def test_it_logs_to_a_group_that_forgets(function: Resource, stack: Stack) -> None:
    group = stack.template["Resources"][function["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["Properties"]["RetentionInDays"] == BETA.logs.retention_days
    assert group["DeletionPolicy"] == "Delete"


def test_its_role_is_for_lambda_alone_and_has_no_managed_policy(function: Resource, stack: Stack) -> None:
    role_id = function["Role"]["Fn::GetAtt"][0]
    role = stack.template["Resources"][role_id]["Properties"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "ManagedPolicyArns" not in role


def test_its_name_is_generated(function: Resource) -> None:
    assert "FunctionName" not in function
