"""A question about a stack that is being changed is answered when the change is done, if that is soon."""

from __future__ import annotations

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Resources, Stack

# The stack waits a second for somebody to signal its end, and is rolled back because nobody does.
WAITING: Resources = {
    "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
    "Wait": {
        "Type": "AWS::CloudFormation::WaitCondition",
        "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "1"},
    },
}


@pytest.fixture
def stack(lone_region: LoneRegion) -> Stack:
    stack = Stack(lone_region)
    stack.begin(WAITING)
    return stack


@pytest.mark.parametrize("known_by", ["StackName", "StackId"])
def test_the_first_answer_already_has_the_end(stack: Stack, known_by: str) -> None:
    client = stack.client("cloudformation")
    stacks = client.list_stacks()["StackSummaries"]
    (found,) = [known for known in stacks if known["StackName"] == stack.name]
    (described,) = client.describe_stacks(StackName=found[known_by])["Stacks"]
    assert described["StackStatus"] == "ROLLBACK_COMPLETE"


def test_questions_about_other_stacks_are_answered_meanwhile(stack: Stack) -> None:
    client = stack.client("cloudformation")
    statuses = {known["StackName"]: known["StackStatus"] for known in client.list_stacks()["StackSummaries"]}
    assert statuses[stack.name] == "CREATE_IN_PROGRESS"
    described = {known["StackName"]: known["StackStatus"] for known in client.describe_stacks()["Stacks"]}
    assert described[stack.name] == "CREATE_IN_PROGRESS"


def test_a_stack_that_is_not_there_is_said_to_be_so(lone_region: LoneRegion) -> None:
    client = Stack(lone_region).client("cloudformation")
    with pytest.raises(client.exceptions.ClientError, match="does not exist"):
        client.describe_stacks(StackName="nobody")
