"""Restore testing: what is restored when, and how long it is kept for a verdict."""

import re

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from stacks.recovery_tables import TESTED
from tests.stacks.assembly import Assembly, Resource, Stack
from tests.stacks.backups import backup_stack, table_of

NAME = r"[A-Za-z0-9_]{1,50}"


@pytest.fixture(params=DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def deployment(request: pytest.FixtureRequest) -> Deployment:
    found: Deployment = request.param
    return found


@pytest.fixture
def stack(assembly: Assembly, deployment: Deployment) -> Stack:
    return assembly.stacks[f"{deployment.name.title()}Primary-Backup"]


@pytest.fixture
def plan(stack: Stack) -> Resource:
    properties: Resource = stack.only("AWS::Backup::RestoreTestingPlan")["Properties"]
    return properties


@pytest.fixture
def selection(stack: Stack) -> Resource:
    properties: Resource = stack.only("AWS::Backup::RestoreTestingSelection")["Properties"]
    return properties


def test_it_has_names_that_aws_backup_takes(plan: Resource, selection: Resource) -> None:
    assert re.fullmatch(NAME, plan["RestoreTestingPlanName"])
    assert re.fullmatch(NAME, selection["RestoreTestingSelectionName"])


def test_a_name_with_a_hyphen_would_be_found() -> None:
    assert not re.fullmatch(NAME, "users-prod")


def test_the_newest_backup_of_this_vault_is_restored_once_a_week(stack: Stack, plan: Resource) -> None:
    (vault,) = stack.of_type("AWS::Backup::BackupVault")
    assert plan["ScheduleExpression"] == "cron(0 6 ? * MON *)"
    assert plan["StartWindowHours"] == 1
    assert plan["RecoveryPointSelection"] == {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": [{"Fn::GetAtt": [vault, "BackupVaultArn"]}],
        "RecoveryPointTypes": ["SNAPSHOT"],
        "SelectionWindowDays": 3,
    }


def test_the_table_that_serves_is_tested_and_kept_for_a_verdict(
    selection: Resource, deployment: Deployment
) -> None:
    (table,) = selection["ProtectedResourceArns"]
    assert table["Fn::Join"][1][-1] == f":table/{deployment.table_name}"
    assert selection["ProtectedResourceType"] == "DynamoDB"
    assert selection["ValidationWindowHours"] == 8


def test_a_table_that_was_switched_to_is_tested_instead(tmp_path_factory: pytest.TempPathFactory) -> None:
    stack = backup_stack(tmp_path_factory.mktemp("switched"), table_name="users-kept-restored-1")
    selection = stack.only("AWS::Backup::RestoreTestingSelection")["Properties"]
    assert selection["ProtectedResourceArns"][0]["Fn::Join"][1][-1] == ":table/users-kept-restored-1"


def test_it_restores_by_a_role_that_does_nothing_else(stack: Stack, selection: Resource) -> None:
    (role,) = selection["IamRoleArn"]["Fn::GetAtt"][:1]
    properties = stack.template["Resources"][role]["Properties"]
    (policy,) = properties["ManagedPolicyArns"]
    assert policy["Fn::Join"][1][-1] == ":iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
    assert role in stack.only("AWS::Backup::RestoreTestingSelection")["DependsOn"]


def test_no_deployment_s_own_table_has_a_name_that_a_restored_one_has() -> None:
    assert not any(each.table_name.startswith(TESTED) for each in DEPLOYMENTS)
    assert table_of(f"{TESTED}*").endswith(':table/awsbackup-restore-test-*"]]}')
