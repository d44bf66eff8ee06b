"""What every stack is held to, and each exception."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from unittest import mock

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks
from constructs import Construct

import app
from pipeline.config import DEPLOYMENTS, LOCAL, Deployment
from pipeline.delivery import LOCAL_PIPELINE
from pipeline.exceptions import Accepted, exceptions
from pipeline.local.assembly import is_of
from stacks import carried, guardrails
from stacks.constructs.users_table import INDEXES
from stacks.refused import Refused
from tests.stacks.assembly import Assembly

TAGGED = {
    "AWS::ApiGateway::RestApi",
    "AWS::Events::EventBus",
    "AWS::IAM::Role",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
EMAIL = [dynamodb.Attribute(name="email", type=dynamodb.AttributeType.STRING)]


@dataclass(frozen=True, kw_only=True)
class Doctored:
    """One deployment with a bucket in each stack and two new indexes, and with no exception accepted."""

    stacks: frozenset[str]
    asked: frozenset[tuple[str, str]]  # the construct and the rule of each exception
    found: Mapping[str, frozenset[str]]  # the constructs that break each rule
    said: str


@pytest.fixture(scope="module")
def doctored(tmp_path_factory: pytest.TempPathFactory) -> Doctored:
    asked: set[tuple[str, str]] = set()

    def note(construct: Construct, reasons: Mapping[str, str]) -> None:
        asked.update((construct.node.path, rule) for rule in reasons)

    with (
        mock.patch.object(guardrails, "acknowledge", note),
        mock.patch.dict(INDEXES, {"a-index": EMAIL, "b-index": EMAIL}),
    ):
        built = app.build(outdir=str(tmp_path_factory.mktemp("doctored")), context={"deployments": "local"})
    stacks = [construct for construct in built.node.find_all() if isinstance(construct, cdk.Stack)]
    for stack in stacks:
        s3.Bucket(stack, "Planted")
    report = AwsSolutionsChecks(built).validate_scope(built)
    with pytest.raises(Refused) as refused:
        guardrails.synthesize(built)
    return Doctored(
        stacks=frozenset(stack.node.path for stack in stacks),
        asked=frozenset(asked),
        found={
            violation.rule_name: frozenset(str(each.construct_path) for each in violation.violating_resources)
            for violation in report.violations
        },
        said=str(refused.value),
    )


def loose(accepted: Iterable[Accepted]) -> Iterator[str]:
    """What is wrong with exceptions: too wide a rule, too wide a place, or no sentence for a reason."""
    for each in accepted:
        if re.search(r"IAM[45]$", each.rule):
            yield f"{each.path} {each.rule}: all of it"
        if each.path.count("/") < 2:
            yield f"{each.path} {each.rule}: a whole stack"
        if len(each.reason.split()) < 6 or not each.reason.endswith("."):
            yield f"{each.path} {each.rule}: no reason"


def of(path: str, deployment: Deployment) -> bool:
    """Whether a construct is of a deployment, and not of the pipeline that carries it."""
    return is_of(path.partition("/")[0], deployment) and not path.startswith(f"{LOCAL_PIPELINE.id}/")


def stale(doctored: Doctored) -> list[str]:
    """The exceptions for which nothing is found in what they are asked for."""
    return [
        f"{path} {rule}: nothing to accept"
        for path, rule in doctored.asked
        if not any(f"{found}/".startswith(f"{path}/") for found in doctored.found.get(rule, ()))
    ]


def test_a_bucket_without_logs_stops_the_app_in_whatever_stage_it_is(
    doctored: Doctored, assembly: Assembly
) -> None:
    assert doctored.stacks == {stack.path for stack in assembly.stacks.values() if of(stack.path, LOCAL)}
    assert doctored.found["AwsSolutions-S1"] == {f"{stack}/Planted/Resource" for stack in doctored.stacks}
    assert doctored.said.count("ERROR The S3 Bucket has server access logs disabled.") == len(doctored.stacks)


def test_two_new_indexes_stop_the_app_and_are_told_first(doctored: Doctored) -> None:
    said = "FATAL UsersTable695FA693: 2 indexes are added or removed at once: a-index, b-index."
    assert doctored.said.removeprefix("ValidationFailed: ").startswith(said)
    assert "Suggested fix: Release one index at a time" in doctored.said


def test_no_rule_is_broken_anywhere(assembly: Assembly) -> None:
    report = json.loads((assembly.directory / "validation-report.json").read_text())
    assert [plugin for plugin in report["pluginReports"] if plugin["violations"]] == []


def test_each_exception_is_narrow_and_has_a_reason(assembly: Assembly) -> None:
    accepted = list(exceptions(assembly.directory))
    assert accepted
    assert list(loose(accepted)) == []


@pytest.mark.parametrize(
    ("path", "rule", "reason", "fault"),
    [
        (
            "BetaData/Data/Role",
            "AwsSolutions-IAM5",
            "It is safe since it reads its own rows alone.",
            "all of it",
        ),
        (
            "BetaData/Data/Role",
            "AwsSolutions-IAM4",
            "It is safe since it reads its own rows alone.",
            "all of it",
        ),
        (
            "BetaData/Data",
            "AwsSolutions-S1",
            "It is safe since it reads its own rows alone.",
            "a whole stack",
        ),
        ("BetaData", "AwsSolutions-S1", "It is safe since it reads its own rows alone.", "a whole stack"),
        ("BetaData/Data/Role", "AwsSolutions-S1", "Not needed.", "no reason"),
        ("BetaData/Data/Role", "AwsSolutions-S1", "", "no reason"),
    ],
)
def test_a_loose_exception_would_be_found(path: str, rule: str, reason: str, fault: str) -> None:
    assert list(loose([Accepted(path=path, rule=rule, reason=reason)])) == [f"{path} {rule}: {fault}"]


def test_each_exception_is_for_something_that_is_there(doctored: Doctored) -> None:
    assert stale(doctored) == []


def test_an_exception_for_nothing_would_be_found(doctored: Doctored) -> None:
    path, rule = "LocalPrimary/Api/UsersApi", "AwsSolutions-S1"
    assert stale(replace(doctored, asked=doctored.asked | {(path, rule)})) == [
        f"{path} {rule}: nothing to accept"
    ]


def test_every_exception_is_written_in_the_guardrails(doctored: Doctored, assembly: Assembly) -> None:
    accepted = {(each.path, each.rule) for each in exceptions(assembly.directory)}
    assert {each for each in accepted if of(each[0], LOCAL)} == doctored.asked
    assert {each.reason for each in exceptions(assembly.directory)} == {
        reason
        for name, reasons in (vars(guardrails) | vars(carried)).items()
        if isinstance(reasons, dict) and name.isupper() and name not in {"STRICT", "KEY_POLICY"}
        for reason in reasons.values()
    }


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_resources_say_whose_they_are(assembly: Assembly, deployment: Deployment) -> None:
    stacks = [each for each in assembly.stacks.values() if of(each.path, deployment)]
    resources = [
        resource["Properties"]
        for stack in stacks
        for resource in stack.template["Resources"].values()
        if resource["Type"] in TAGGED
    ]
    resources += [
        replica
        for stack in stacks
        for table in stack.of_type("AWS::DynamoDB::GlobalTable").values()
        for replica in table["Properties"]["Replicas"]
    ]
    assert resources
    for resource in resources:
        whose = [tag for tag in resource["Tags"] if tag["Key"] in {"Deployment", "Project"}]
        assert whose == [
            {"Key": "Deployment", "Value": deployment.name},
            {"Key": "Project", "Value": "users-platform"},
        ]
