"""The watch: when it looks, at what, and that it can remove nothing but what was restored to be tested."""

import json

import pytest

from tests.stacks.assembly import Assembly, Stack
from tests.stacks.backups import called_by, function_of, rule_of, table_of
from tests.stacks.grants import rights

HANDLER = "lambdas.recovery.handlers.watch.handler"


@pytest.fixture(params=["ProdPrimary-Backup", "ProdSecondary-Backup"])
def stack(request: pytest.FixtureRequest, assembly: Assembly) -> Stack:
    return assembly.stacks[request.param]


def test_it_looks_once_an_hour(stack: Stack) -> None:
    rule = rule_of(stack, "WatchHourly")
    assert rule["ScheduleExpression"] == "rate(1 hour)"
    assert called_by(stack, rule) == HANDLER


def test_it_knows_the_table_and_the_vault_of_its_region(stack: Stack) -> None:
    variables = function_of(stack, HANDLER)["Environment"]["Variables"]
    (vault,) = stack.of_type("AWS::Backup::BackupVault")
    assert variables["VAULT"] == {"Fn::GetAtt": [vault, "BackupVaultName"]}
    assert variables["TABLE_NAME"] == "users-prod"
    assert (variables["RESTORE_TEST_PREFIX"], variables["LEFT_OVER_HOURS"]) == (
        "awsbackup-restore-test-",
        "24",
    )


def test_it_knows_the_plan_where_there_is_one(stack: Stack) -> None:
    variables = function_of(stack, HANDLER)["Environment"]["Variables"]
    plans = list(stack.of_type("AWS::Backup::RestoreTestingPlan"))
    expected = {"Fn::GetAtt": [plans[0], "RestoreTestingPlanArn"]} if plans else None
    assert variables.get("RESTORE_TESTING_PLAN_ARN") == expected


def test_it_removes_tables_that_were_restored_to_be_tested_and_no_other(stack: Stack) -> None:
    found = rights(stack.template, handler=HANDLER)
    removing = [resource for resource, actions in found.items() if "dynamodb:DeleteTable" in actions]
    assert removing == [table_of("awsbackup-restore-test-*")]


def test_it_lists_the_vault_here_and_reads_what_has_no_resource(stack: Stack) -> None:
    found = rights(stack.template, handler=HANDLER)
    (vault,) = stack.of_type("AWS::Backup::BackupVault")
    arn = json.dumps({"Fn::GetAtt": [vault, "BackupVaultArn"]})
    assert found[arn] == {"backup:ListRecoveryPointsByBackupVault"}
    assert found["*"] == {
        "backup:DescribeRegionSettings",
        "backup:ListRestoreJobs",
        "dynamodb:ListTables",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
