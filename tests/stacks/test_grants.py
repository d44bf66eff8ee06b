"""No policy of the app allows more than it must."""

from collections.abc import Mapping

import pytest

from pipeline.exceptions import exceptions
from stacks import guardrails
from tests.stacks.assembly import Assembly
from tests.stacks.grants import UNNAMED, faults


def test_no_policy_allows_everything_or_anybody(assembly: Assembly) -> None:
    accepted = list(exceptions(assembly.directory))
    found = {}
    for stack in assembly.stacks.values():
        rules = {each.rule for each in accepted if each.path.startswith(f"{stack.path}/")}
        found[stack.path] = faults(stack.template, region=stack.region, accepted=rules)
    assert {path: told for path, told in found.items() if told} == {}


def test_what_is_accepted_is_accepted_by_its_name_alone() -> None:
    resource = {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Fn::GetAtt": ["B", "Id"]}, "/*"]]
    }
    policy = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}]}
    template = {
        "Resources": {"Planted": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": policy}}}
    }
    named = "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<B.Id>/*]"
    assert faults(template, region="eu-west-1", accepted={named}) == []
    assert len(faults(template, region="eu-west-1", accepted={"AwsSolutions-IAM5[Resource::*]"})) == 1


ROOT = {"AWS": "arn:aws:iam::111111111111:root"}
SERVICE = {"Service": "cloudwatch.amazonaws.com"}


@pytest.mark.parametrize(
    ("type_", "statement", "found"),
    [
        ("IAM::Policy", {"Action": "*", "Resource": "arn"}, ["allows *."]),
        ("IAM::Role", {"Action": ["s3:Get*"], "Resource": "arn"}, ["allows s3:Get*."]),
        ("IAM::ManagedPolicy", {"Action": "s3:GetObject", "Resource": "*"}, ['allows it on "*".']),
        ("SQS::QueuePolicy", {"Action": "sqs:*", "Resource": "arn", "Principal": ROOT}, ["allows sqs:*."]),
        (
            "SNS::TopicPolicy",
            {"Action": "sns:Publish", "Resource": "*", "Principal": SERVICE},
            ['it on "*".'],
        ),
        ("SNS::TopicPolicy", {"Action": "sns:Publish", "Resource": "arn", "Principal": "*"}, ["anybody."]),
        (
            "Events::EventBusPolicy",
            {"Action": "a", "Resource": "arn", "Principal": {"AWS": ["*"]}},
            ["anybody."],
        ),
        ("KMS::Key", {"Action": "kms:*", "Resource": "*", "Principal": ROOT}, []),
        ("KMS::Key", {"Action": "kms:*", "Resource": "*", "Principal": SERVICE}, ["allows kms:*."]),
        ("KMS::Key", {"Action": "kms:Re*", "Resource": "*", "Principal": ROOT}, ["allows kms:Re*."]),
        ("KMS::Key", {"Action": "kms:Decrypt", "Resource": "*", "Principal": "*"}, ["anybody."]),
        ("IAM::Policy", {"Action": "kms:*", "Resource": "arn"}, ["allows kms:*."]),
        ("IAM::Role", {"Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}, ["anybody."]),
    ],
)
def test_a_policy_that_allows_too_much_would_be_found(
    type_: str, statement: Mapping[str, object], found: list[str]
) -> None:
    policy = {"Statement": [{"Effect": "Allow", **statement}]}
    planted = {"Planted": {"Type": f"AWS::{type_}", "Properties": {"Document": policy}}}
    told = faults({"Resources": planted}, region="eu-west-1")
    assert len(told) == len(found)
    assert all(sentence.endswith(what) for sentence, what in zip(told, found, strict=True))


def test_a_refusal_may_be_for_everybody() -> None:
    policy = {"Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*", "Principal": "*"}]}
    planted = {"Planted": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": policy}}}
    assert faults({"Resources": planted}, region="eu-west-1") == []


def test_a_function_that_anybody_may_call_would_be_found() -> None:
    planted = {
        "Planted": {"Type": "AWS::Lambda::Permission", "Properties": {"Principal": "s3.amazonaws.com"}}
    }
    assert faults({"Resources": planted}, region="eu-west-1") == ["Planted allows anybody."]


def test_what_no_resource_can_be_named_for_has_a_reason() -> None:
    assert all(reason for _, reasons in UNNAMED.values() for reason in reasons.values())
    assert all(len(reason.split()) > 5 for reason in guardrails.KEY_POLICY.values())
