"""The plan: which backups are made when, of which tables, and that each has a copy in the other Region."""

from typing import Any

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Stack


@pytest.fixture(params=DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def deployment(request: pytest.FixtureRequest) -> Deployment:
    found: Deployment = request.param
    return found


@pytest.fixture
def stack(assembly: Assembly, deployment: Deployment) -> Stack:
    return assembly.stacks[f"{deployment.name.title()}Primary-Backup"]


@pytest.fixture
def rules(stack: Stack) -> list[dict[str, Any]]:
    plan = stack.only("AWS::Backup::BackupPlan")["Properties"]["BackupPlan"]
    found: list[dict[str, Any]] = plan["BackupPlanRule"]
    return found


def test_backups_are_made_daily_weekly_and_monthly_at_hours_of_their_own(rules: list[dict[str, Any]]) -> None:
    assert {rule["RuleName"]: rule["ScheduleExpression"] for rule in rules} == {
        "daily": "cron(0 3 * * ? *)",
        "weekly": "cron(0 5 ? * SUN *)",
        "monthly": "cron(0 7 1 * ? *)",
    }


def test_each_is_kept_as_the_policy_says(rules: list[dict[str, Any]], deployment: Deployment) -> None:
    for rule in rules:
        retention = deployment.backups.rules[rule["RuleName"]]
        assert rule["Lifecycle"]["DeleteAfterDays"] == retention.days
        assert rule["Lifecycle"].get("MoveToColdStorageAfterDays") == retention.cold_after_days


def test_each_is_copied_to_the_vault_that_the_other_region_has(
    assembly: Assembly, deployment: Deployment, rules: list[dict[str, Any]]
) -> None:
    other = assembly.stacks[f"{deployment.name.title()}Secondary-Backup"]
    name = other.only("AWS::Backup::BackupVault")["Properties"]["BackupVaultName"]
    arn = f"arn:aws:backup:{other.region}:{deployment.account}:backup-vault:{name}"
    for rule in rules:
        (copy,) = rule["CopyActions"]
        assert copy == {"DestinationBackupVaultArn": arn, "Lifecycle": rule["Lifecycle"]}


def test_no_vault_refuses_a_backup_as_kept_too_short(
    assembly: Assembly, deployment: Deployment, rules: list[dict[str, Any]]
) -> None:
    for role in ("Primary", "Secondary"):
        vault = assembly.stacks[f"{deployment.name.title()}{role}-Backup"].only("AWS::Backup::BackupVault")
        least = vault["Properties"]["LockConfiguration"]["MinRetentionDays"]
        assert all(rule["Lifecycle"]["DeleteAfterDays"] >= least for rule in rules)


def test_a_backup_that_is_late_is_given_up_and_told_on_the_same_day(rules: list[dict[str, Any]]) -> None:
    assert {(rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) for rule in rules} == {(60, 480)}


def test_they_go_into_the_vault_here(stack: Stack, rules: list[dict[str, Any]]) -> None:
    (vault,) = stack.of_type("AWS::Backup::BackupVault")
    assert all(rule["TargetBackupVault"] == {"Fn::GetAtt": [vault, "BackupVaultName"]} for rule in rules)


def test_the_plan_waits_until_the_account_has_opted_in(stack: Stack) -> None:
    (opt_in,) = stack.of_type("Custom::BackupOptIn")
    assert opt_in in stack.only("AWS::Backup::BackupPlan")["DependsOn"]


def test_a_table_is_backed_up_by_the_tag_that_its_replica_here_has(
    assembly: Assembly, deployment: Deployment, stack: Stack
) -> None:
    selection = stack.only("AWS::Backup::BackupSelection")["Properties"]["BackupSelection"]
    (condition,) = selection["Conditions"]["StringEquals"]
    key = condition["ConditionKey"].removeprefix("aws:ResourceTag/")
    data = assembly.stacks[f"{deployment.name.title()}Data-Data"]
    (here,) = (
        replica
        for replica in data.only("AWS::DynamoDB::GlobalTable")["Properties"]["Replicas"]
        if replica["Region"] == stack.region
    )
    assert {"Key": key, "Value": condition["ConditionValue"]} in here["Tags"]
    assert condition["ConditionValue"] == deployment.service


def test_only_tables_are_backed_up_and_by_a_role_that_does_nothing_else(stack: Stack) -> None:
    selection = stack.only("AWS::Backup::BackupSelection")["Properties"]["BackupSelection"]
    (resource,) = selection["Resources"]
    assert resource["Fn::Join"][1][-1] == ":table/*"
    role = stack.template["Resources"][selection["IamRoleArn"]["Fn::GetAtt"][0]]["Properties"]
    (policy,) = role["ManagedPolicyArns"]
    assert policy["Fn::Join"][1][-1] == ":iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
