"""A function: its size, its log, and who may become its role."""

import pytest

from pipeline.config import BETA
from tests.stacks.assembly import Assembly, Stack


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["BetaPrimary-Api"]


def test_it_has_the_size_of_its_deployment(stack: Stack) -> None:
    function = stack.only("AWS::Lambda::Function")["Properties"]
    assert function["MemorySize"] == BETA.function_size.memory_mb
    assert function["Timeout"] == BETA.function_size.timeout_seconds
    assert "ReservedConcurrentExecutions" not in function


def test_it_runs_on_graviton(stack: Stack) -> None:
    function = stack.only("AWS::Lambda::Function")["Properties"]
    assert (function["Runtime"], function["Architectures"]) == ("python3.14", ["arm64"])


def test_it_logs_to_a_group_that_forgets(stack: Stack) -> None:
    function = stack.only("AWS::Lambda::Function")["Properties"]
    group = stack.template["Resources"][function["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["Properties"]["RetentionInDays"] == BETA.logs.retention_days
    assert group["DeletionPolicy"] == "Delete"


def test_its_role_is_for_lambda_alone_and_has_no_managed_policy(stack: Stack) -> None:
    role_id = stack.only("AWS::Lambda::Function")["Properties"]["Role"]["Fn::GetAtt"][0]
    role = stack.template["Resources"][role_id]["Properties"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "ManagedPolicyArns" not in role


def test_its_name_is_generated(stack: Stack) -> None:
    assert "FunctionName" not in stack.only("AWS::Lambda::Function")["Properties"]
