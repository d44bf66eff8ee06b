"""What is told of a backup is what its table was then, in the shapes that botocore knows."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from pipeline.local.emulator.backup_description import described, summary
from pipeline.local.emulator.change import Key
from pipeline.local.emulator.snapshot import Snapshot

ARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/users/backup/01489602797149-73d8d5bc"
TABLE: dict[str, Any] = {
    "TableName": "users",
    "TableId": "d1a65b8c-0000-4000-8000-000000000000",
    "TableArn": "arn:aws:dynamodb:eu-west-1:000000000000:table/users",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "CreationDateTime": 1_500_000_000,
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    "BillingModeSummary": {"BillingMode": "PROVISIONED"},
    "GlobalSecondaryIndexes": [],
}
TTL = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
ROWS = {Key("000000000000/users", name): {"id": {"S": name}} for name in ("ada", "bob")}


@pytest.fixture
def description() -> dict[str, Any]:
    definition = {"table": TABLE, "ttl": TTL, "pitr": False, "tags": None}
    kept = Snapshot("000000000000/users", definition, ROWS, 1_600_000_000_000_001)
    return described(kept, ARN, "nightly", 1_234)


def problems(shape: str, value: dict[str, Any]) -> str:
    client = boto3.client("dynamodb", region_name="eu-west-1")
    report = ParamValidator().validate(value, client.meta.service_model.shape_for(shape))
    return str(report.generate_report())


def test_a_description_has_no_part_that_aws_does_not_know(description: dict[str, Any]) -> None:
    assert problems("BackupDescription", description) == ""
    assert problems("BackupSummary", summary(description)) == ""


def test_a_part_that_is_missing_or_new_would_be_found(description: dict[str, Any]) -> None:
    del description["BackupDetails"]["BackupName"]
    description["SourceTableDetails"]["Rows"] = 1
    assert 'Missing required parameter in BackupDetails: "BackupName"' in problems(
        "BackupDescription", description
    )
    assert "Rows" in problems("BackupDescription", description)


def test_a_description_counts_rows_and_bytes_at_the_instant(description: dict[str, Any]) -> None:
    assert description["BackupDetails"]["BackupCreationDateTime"] == 1_600_000_000.000001
    assert description["BackupDetails"]["BackupSizeBytes"] == 1_234
    assert description["SourceTableDetails"]["ItemCount"] == 2
    assert description["SourceTableFeatureDetails"] == {"TimeToLiveDescription": TTL}
