"""The validator: what it may read, what it expects, and which restores it judges."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.layout import ROOT
from pipeline.retention import BETA_BACKUPS
from tests.stacks.assembly import Assembly, Resource, Stack
from tests.stacks.backups import backup_stack, called_by, function_of, rule_of, table_of
from tests.stacks.constructs.test_table_alarms import KNOWN as ON_ROWS
from tests.stacks.grants import rights

ADAPTER = ROOT / "lambdas" / "recovery" / "adapters" / "restored_table.py"
HANDLER = "lambdas.recovery.handlers.validate.handler"

KNOWN = ON_ROWS | {"DescribeTable"}


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdPrimary-Backup"]


@pytest.fixture
def environment(stack: Stack) -> Resource:
    variables: Resource = function_of(stack, HANDLER)["Environment"]["Variables"]
    return variables


@pytest.mark.parametrize("role", ["Primary", "Secondary"])
def test_it_reads_the_tables_of_its_service_and_those_restored_to_be_tested(
    assembly: Assembly, role: str
) -> None:
    found = rights(assembly.stacks[f"Prod{role}-Backup"].template, handler=HANDLER)
    tables = {resource: actions for resource, actions in found.items() if ":dynamodb:" in resource}
    read = {f"dynamodb:{action}" for action in ("BatchGetItem", "DescribeTable", "Query", "Scan")}
    assert tables == {
        table_of("users-prod"): read,
        table_of("users-prod-restored*"): read,
        table_of("awsbackup-restore-test-*"): read,
    }


@pytest.mark.parametrize(
    ("role", "more"), [("Primary", {"backup:PutRestoreValidationResult"}), ("Secondary", set())]
)
def test_it_gives_a_verdict_where_something_is_restored_to_be_tested(
    assembly: Assembly, role: str, more: set[str]
) -> None:
    found = rights(assembly.stacks[f"Prod{role}-Backup"].template, handler=HANDLER)
    assert found["*"] == {"xray:PutTelemetryRecords", "xray:PutTraceSegments"} | more


def test_it_expects_the_keys_and_indexes_that_the_table_has(
    assembly: Assembly, environment: Resource
) -> None:
    table = assembly.stacks["ProdData-Data"].only("AWS::DynamoDB::GlobalTable")["Properties"]
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}

    def keys(owner: Resource) -> list[list[str]]:
        schema = owner["KeySchema"]
        return [[each["AttributeName"], each["KeyType"], types[each["AttributeName"]]] for each in schema]

    assert json.loads(environment["EXPECTED_SCHEMA"]) == {
        "keys": keys(table),
        "indexes": {index["IndexName"]: keys(index) for index in table["GlobalSecondaryIndexes"]},
    }


def test_it_may_do_what_it_asks_of_a_table_and_no_more(assembly: Assembly) -> None:
    asked = set(re.findall(r'"([A-Z][a-z]+[A-Z]?\w*)", ', ADAPTER.read_text())) & KNOWN
    found = rights(assembly.stacks["ProdPrimary-Backup"].template, handler=HANDLER)
    assert found[table_of("users-prod")] == {f"dynamodb:{action}" for action in asked}


def test_it_knows_for_how_long_versions_are_kept(assembly: Assembly) -> None:
    for stack, days in (("ProdPrimary-Backup", "365"), ("BetaSecondary-Backup", "30")):
        variables = function_of(assembly.stacks[stack], HANDLER)["Environment"]["Variables"]
        assert variables["HISTORY_RETENTION_DAYS"] == days


def test_how_many_users_there_must_be_is_configured(environment: Resource, tmp_path: Path) -> None:
    assert environment["LEAST_USERS"] == "1"
    stack = backup_stack(tmp_path, policy=replace(BETA_BACKUPS, least_users=7))
    assert function_of(stack, HANDLER)["Environment"]["Variables"]["LEAST_USERS"] == "7"


def test_it_judges_each_restore_of_the_plan_that_has_completed(stack: Stack) -> None:
    (plan,) = stack.of_type("AWS::Backup::RestoreTestingPlan")
    rule = rule_of(stack, "ValidatorRestored")
    assert rule["EventPattern"] == {
        "source": ["aws.backup"],
        "detail-type": ["Restore Job State Change"],
        "detail": {
            "status": ["COMPLETED"],
            "restoreTestingPlanArn": [{"Fn::GetAtt": [plan, "RestoreTestingPlanArn"]}],
        },
    }
    assert called_by(stack, rule) == HANDLER


def test_where_nothing_is_restored_to_be_tested_no_rule_calls_it(assembly: Assembly) -> None:
    stack = assembly.stacks["ProdSecondary-Backup"]
    assert not any(id_.startswith("ValidatorRestored") for id_ in stack.of_type("AWS::Events::Rule"))
