"""What is accepted of constructs that CDK makes: what a pattern says, where it says so, and nothing else."""

from collections.abc import Iterator, Mapping
from typing import cast
from unittest import mock

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks import carried, guardrails
from stacks.carried import Findings

Accepted = dict[str, Mapping[str, str]]
PATH = "Stack/Bucket/Resource"


@pytest.fixture
def stack() -> cdk.Stack:
    stack = cdk.Stack(cdk.App(), "Stack")
    s3.Bucket(stack, "Bucket", enforce_ssl=True)
    cdk.CfnResource(stack, "Other", type="AWS::SNS::Topic")
    return stack


@pytest.fixture
def accepted() -> Iterator[Accepted]:
    found: Accepted = {}

    def note(construct: Construct, reasons: Mapping[str, str]) -> None:
        found[construct.node.path] = reasons

    with mock.patch.object(guardrails, "acknowledge", note):
        yield found


def test_a_finding_is_accepted_where_it_is(stack: cdk.Stack, accepted: Accepted) -> None:
    Findings.of(stack).accept(stack, carried.ARTIFACTS)
    assert accepted == {PATH: carried.ARTIFACTS}


def test_nothing_is_accepted_elsewhere(stack: cdk.Stack, accepted: Accepted) -> None:
    Findings.of(stack).accept(cast(Construct, stack.node.find_child("Other")), carried.ARTIFACTS)
    assert accepted == {}


def test_a_pattern_is_the_whole_rule_and_stands_for_something(stack: cdk.Stack, accepted: Accepted) -> None:
    rules = [
        "AwsSolutions-IAM5[Action::s3:*]",
        "AwsSolutions-IAM5[Action::s3:GetObject*]",
        "AwsSolutions-IAM5",
    ]
    Findings(scope=stack, rules={PATH: rules}).accept(stack, carried.PIPELINE)
    assert [list(reasons) for reasons in accepted.values()] == [["AwsSolutions-IAM5[Action::s3:GetObject*]"]]
