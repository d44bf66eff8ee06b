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
    return of_service(policy, "cloudwatch.amazonaws.com")


def of_service(policy: Resource, service: str) -> Resource:
    """The one statement for a service."""
    (found,) = (each for each in policy["Statement"] if each["Principal"] == {"Service": service})
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


def test_rules_may_publish_and_use_its_key_without_a_condition_which_none_could_meet(stack: Stack) -> None:
    publish = of_service(
        stack.only("AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"], "events.amazonaws.com"
    )
    encrypt = of_service(stack.only("AWS::KMS::Key")["Properties"]["KeyPolicy"], "events.amazonaws.com")
    assert (publish["Effect"], publish["Action"]) == ("Allow", "sns:Publish")
    assert (encrypt["Effect"], set(encrypt["Action"])) == ("Allow", {"kms:Decrypt", "kms:GenerateDataKey"})
    assert "Condition" not in publish
    assert "Condition" not in encrypt


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
