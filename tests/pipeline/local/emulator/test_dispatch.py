"""A table that is being created has no rows to anybody, and nobody changes or deletes it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.layout import ROOT
from pipeline.local.platform import EMULATOR_PYTHON, environment

UNFINISHED = Path(__file__).with_name("unfinished.py")
ARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/"
ITEM = {"id": {"S": "ada"}}


def of_rows(name: str, arn: str) -> dict[str, tuple[str, Any]]:
    """Each way to name the rows of a table."""
    put = {"Put": {"TableName": name, "Item": ITEM}}
    check = {"ConditionCheck": {"TableName": arn, "Key": ITEM, "ConditionExpression": "attribute_exists(id)"}}
    select = f"SELECT * FROM \"{name}\" WHERE id = 'ada'"  # noqa: S608
    return {
        "get": ("GetItem", {"TableName": name, "Key": ITEM}),
        "get by ARN": ("GetItem", {"TableName": arn, "Key": ITEM}),
        "put": ("PutItem", {"TableName": name, "Item": ITEM}),
        "delete": ("DeleteItem", {"TableName": name, "Key": ITEM}),
        "scan": ("Scan", {"TableName": name}),
        "batch get": ("BatchGetItem", {"RequestItems": {name: {"Keys": [ITEM]}}}),
        "batch write": ("BatchWriteItem", {"RequestItems": {arn: [{"PutRequest": {"Item": ITEM}}]}}),
        "transact": ("TransactWriteItems", {"TransactItems": [put]}),
        "transact get": ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": name, "Key": ITEM}}]}),
        "check": ("TransactWriteItems", {"TransactItems": [check]}),
        "statement": ("ExecuteStatement", {"Statement": select}),
        "statements": ("BatchExecuteStatement", {"Statements": [{"Statement": select}]}),
        "transaction": ("ExecuteTransaction", {"TransactStatements": [{"Statement": select}]}),
    }


def of_tables(name: str) -> dict[str, tuple[str, Any]]:
    ttl = {"Enabled": True, "AttributeName": "expires_at"}
    return {
        "update": ("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False}),
        "ttl": ("UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": ttl}),
        "tag": ("TagResource", {"ResourceArn": ARN + name, "Tags": [{"Key": "a", "Value": "b"}]}),
        "delete": ("DeleteTable", {"TableName": name}),
    }


HARMLESS = {
    "describe": ("DescribeTable", {"TableName": "unfinished"}),
    "list": ("ListTables", {}),
    "row that says so": (
        "PutItem",
        {"TableName": "whole", "Item": {**ITEM, "TableName": {"S": "unfinished"}}},
    ),
}
ASKED = {
    **{f"unfinished {name}": asked for name, asked in of_rows("unfinished", f"{ARN}unfinished").items()},
    **{f"change {name}": asked for name, asked in of_tables("unfinished").items()},
    **HARMLESS,
    **{f"whole {name}": asked for name, asked in of_rows("whole", f"{ARN}whole").items()},
    **{f"change whole {name}": asked for name, asked in of_tables("whole").items()},
    "no JSON": ("GetItem", "{"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, str]]:
    state = {"PYTHONPATH": str(ROOT), "STATE_DIR": str(tmp_path_factory.mktemp("state"))}
    result = subprocess.run(  # noqa: S603 - the emulator's own Python
        [str(ROOT / EMULATOR_PYTHON), str(UNFINISHED)],
        input=json.dumps(list(ASKED.values())),
        cwd=ROOT,
        env=environment() | state,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return {name: tuple(answer) for name, answer in zip(ASKED, json.loads(result.stdout), strict=True)}


@pytest.mark.parametrize("name", of_rows("", ""))
def test_its_rows_are_not_found(answers: dict[str, tuple[int, str, str]], name: str) -> None:
    found = answers[f"unfinished {name}"]
    assert found == (400, "ResourceNotFoundException", "Requested resource not found")


@pytest.mark.parametrize("name", of_tables(""))
def test_it_is_in_use(answers: dict[str, tuple[int, str, str]], name: str) -> None:
    message = "Attempt to change a resource which is still in use: Table is being created: unfinished"
    assert answers[f"change {name}"] == (400, "ResourceInUseException", message)


@pytest.mark.parametrize("name", [*HARMLESS, *(f"whole {n}" for n in of_rows("", "") if n != "check")])
def test_everything_else_is_served(answers: dict[str, tuple[int, str, str]], name: str) -> None:
    assert answers[name][0] == 200, answers[name]


@pytest.mark.parametrize("name", of_tables(""))
def test_other_tables_can_be_changed(answers: dict[str, tuple[int, str, str]], name: str) -> None:
    assert answers[f"change whole {name}"][0] == 200, answers[f"change whole {name}"]


def test_what_is_no_json_is_left_to_the_emulator(answers: dict[str, tuple[int, str, str]]) -> None:
    assert answers["no JSON"][:2] == (400, "SerializationException")
