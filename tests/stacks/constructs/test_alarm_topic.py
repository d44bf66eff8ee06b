"""The topic of a Region's alarms: alarms from here can write to it, and nobody in the clear."""

import pytest

from tests.stacks.assembly import Assembly, Resource, Stack

ONLY_FROM_HERE = {
    "StringEquals": {"aws:SourceAccount": "222222222222"},
    "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:222222222222:alarm:*"},
}


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdPrimary-Observability"]


def of_cloudwatch(policy: Resource) -> Resource:
    """The one statement for CloudWatch's alarms."""
    (found,) = (
        each for each in policy["Statement"] if each["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    )
    assert isinstance(found, dict)
    return found


def test_alarms_from_here_may_use_its_key_which_is_not_the_one_that_aws_manages(stack: Stack) -> None:
    (key,) = stack.of_type("AWS::KMS::Key")
    topic = stack.only("AWS::SNS::Topic")["Properties"]
    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    statement = of_cloudwatch(stack.only("AWS::KMS::Key")["Properties"]["KeyPolicy"])
    assert set(statement["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert (statement["Effect"], statement["Condition"]) == ("Allow", ONLY_FROM_HERE)


def test_alarms_from_here_may_publish(stack: Stack) -> None:
    statement = of_cloudwatch(stack.only("AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"])
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sns:Publish")
    assert statement["Condition"] == ONLY_FROM_HERE


def test_nobody_publishes_in_the_clear(stack: Stack) -> None:
    statements = stack.only("AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    (denied,) = (each for each in statements if each["Effect"] == "Deny")
    assert (denied["Action"], denied["Principal"]) == ("sns:Publish", "*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_its_key_is_rotated(stack: Stack) -> None:
    assert stack.only("AWS::KMS::Key")["Properties"]["EnableKeyRotation"] is True


@pytest.mark.parametrize("type_", ["AWS::KMS::Key", "AWS::SNS::Topic"])
def test_it_goes_with_its_stack(stack: Stack, type_: str) -> None:
    resource = stack.only(type_)
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete")
