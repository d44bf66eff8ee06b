"""The data stack: where it is, and that it is hard to lose."""

import json

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Stack

TABLE_ID = "UsersTable695FA693"


@pytest.fixture(params=DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def deployment(request: pytest.FixtureRequest) -> Deployment:
    assert isinstance(request.param, Deployment)
    return request.param


@pytest.fixture
def stack(assembly: Assembly, deployment: Deployment) -> Stack:
    return assembly.stacks[f"{deployment.name.title()}Data-Data"]


def test_is_made_in_the_primary_region(stack: Stack, deployment: Deployment) -> None:
    assert stack.environment == f"aws://{deployment.account}/{deployment.primary_region}"


def test_the_table_keeps_its_logical_id_since_another_would_replace_it(stack: Stack) -> None:
    assert list(stack.of_type("AWS::DynamoDB::GlobalTable")) == [TABLE_ID]


def test_the_table_is_named_by_its_deployment(stack: Stack, deployment: Deployment) -> None:
    assert stack.only("AWS::DynamoDB::GlobalTable")["Properties"]["TableName"] == deployment.table_name


def test_the_table_is_in_both_regions_and_guarded_in_both(stack: Stack, deployment: Deployment) -> None:
    replicas = stack.only("AWS::DynamoDB::GlobalTable")["Properties"]["Replicas"]
    assert {replica["Region"] for replica in replicas} == {
        deployment.primary_region,
        deployment.secondary_region,
    }
    for replica in replicas:
        assert replica["DeletionProtectionEnabled"] is True
        assert replica["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True,
            "RecoveryPeriodInDays": 35,
        }


def test_every_replica_of_the_table_that_serves_has_the_tag_of_its_backups(
    stack: Stack, deployment: Deployment
) -> None:
    for replica in stack.only("AWS::DynamoDB::GlobalTable")["Properties"]["Replicas"]:
        assert {"Key": "Backup", "Value": deployment.service} in replica["Tags"]


def test_the_table_outlives_its_stack(stack: Stack) -> None:
    table = stack.only("AWS::DynamoDB::GlobalTable")
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_stack_is_protected_from_termination(stack: Stack) -> None:
    manifest = json.loads((stack.template_file.parent / "manifest.json").read_text())
    protections = [
        artifact["properties"].get("terminationProtection")
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    ]
    assert protections == [True]
