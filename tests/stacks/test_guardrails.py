"""What every stack is held to."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

import app
from pipeline.config import DEPLOYMENTS
from stacks import guardrails
from tests.stacks.assembly import Assembly

TAGGED = {
    "AWS::ApiGateway::RestApi",
    "AWS::Events::EventBus",
    "AWS::IAM::Role",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
}


def test_a_bucket_without_logs_stops_the_app_in_whatever_stage_it_is(tmp_path: Path) -> None:
    planted = app.build(outdir=str(tmp_path), context={"deployments": "local"})
    for construct in planted.node.find_all():
        if isinstance(construct, cdk.Stack):
            s3.Bucket(construct, "Planted")

    with pytest.raises(RuntimeError, match="The S3 Bucket has server access logs disabled"):
        planted.synth()

    assert _faults(tmp_path)["AwsSolutions-S1"] == {
        "LocalData/Data/Planted/Resource",
        "LocalSecondary/Api/Planted/Resource",
        "LocalSecondary/Events/Planted/Resource",
        "LocalPrimary/Api/Planted/Resource",
        "LocalPrimary/Events/Planted/Resource",
    }


def test_validation_is_not_accepted_to_be_missing() -> None:
    assert "AwsSolutions-APIG2" not in guardrails.PUBLIC_API


def test_no_rule_is_broken_anywhere(assembly: Assembly) -> None:
    assert _faults(assembly.directory) == {}


@pytest.mark.parametrize(
    "accepted", [guardrails.DEAD_LETTERS, guardrails.GATEWAY_ACCOUNT, guardrails.PUBLIC_API]
)
def test_each_exception_has_a_reason(accepted: dict[str, str]) -> None:
    assert all(len(reason.split()) > 5 and reason.endswith(".") for reason in accepted.values())


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_resources_say_whose_they_are(assembly: Assembly, deployment: object) -> None:
    name = getattr(deployment, "name", "")
    stacks = [each for each in assembly.stacks.values() if each.path.startswith(name.title())]
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
        assert resource["Tags"] == [
            {"Key": "Deployment", "Value": name},
            {"Key": "Project", "Value": "users-platform"},
        ]


def _faults(directory: Path) -> dict[str, set[str]]:
    """The paths of what breaks each rule, in the report that synthesis leaves behind."""
    report = json.loads((directory / "validation-report.json").read_text())
    return {
        violation["ruleName"]: {construct["constructPath"] for construct in violation["violatingConstructs"]}
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
    }
