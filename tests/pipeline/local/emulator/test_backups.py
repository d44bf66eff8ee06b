"""A backup outlives its table and the process, and is restored as it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.recoverable import Recoverable, row

NOWHERE = "arn:aws:dynamodb:eu-west-1:000000000000:table/nowhere/backup/01489602797149-73d8d5bc"


@pytest.fixture
def table(lone_region: LoneRegion) -> Recoverable:
    return Recoverable(lone_region, recovery=False)


def folder(region: LoneRegion) -> Path:
    return region.journal.with_name("backups")


def backup(table: Recoverable, name: str = "nightly") -> str:
    return table.dynamodb.create_backup(TableName=table.name, BackupName=name)["BackupDetails"]["BackupArn"]


def restored(table: Recoverable, arn: str) -> str:
    target = f"{table.name}-{arn[-8:]}"
    table.dynamodb.restore_table_from_backup(BackupArn=arn, TargetTableName=target)
    return table.await_active(target)


def test_a_backup_is_restored_as_the_table_was_then(table: Recoverable) -> None:
    table.put("ada", 1)
    table.put("gone", 1)
    arn = backup(table)
    table.put("ada", 2)
    table.dynamodb.delete_item(TableName=table.name, Key={"id": {"S": "gone"}})
    table.put("later")

    target = restored(table, arn)

    assert table.rows(target) == {"ada": row("ada", 1), "gone": row("gone", 1)}
    summary = table.describe(target)["RestoreSummary"]
    assert (summary["SourceBackupArn"], summary["SourceTableArn"]) == (arn, table.describe()["TableArn"])


def test_a_backup_outlives_its_table_and_the_process(lone_region: LoneRegion, table: Recoverable) -> None:
    table.put("ada")
    arn = backup(table)
    described = table.dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]
    table.dynamodb.delete_table(TableName=table.name)
    lone_region.kill()
    (folder(lone_region) / "half.jsonl").write_text("what a kill left")
    lone_region.start()

    assert table.dynamodb.describe_backup(BackupArn=arn)["BackupDescription"] == described
    assert table.rows(restored(table, arn)) == {"ada": row("ada")}
    assert not (folder(lone_region) / "half.jsonl").exists()


def test_a_backup_is_described(table: Recoverable) -> None:
    table.put("ada")
    arn = backup(table)
    described: dict[str, Any] = dict(table.dynamodb.describe_backup(BackupArn=arn)["BackupDescription"])
    details, source = described["BackupDetails"], described["SourceTableDetails"]
    assert (details["BackupName"], details["BackupStatus"], details["BackupType"]) == (
        "nightly",
        "AVAILABLE",
        "USER",
    )
    assert details["BackupSizeBytes"] > 0
    assert (source["TableName"], source["ItemCount"]) == (table.name, 1)
    assert described["SourceTableFeatureDetails"]["GlobalSecondaryIndexes"][0]["IndexName"] == "email-index"


def test_backups_are_listed_the_oldest_first_page_by_page(table: Recoverable) -> None:
    made = [backup(table, f"backup-{n}") for n in range(3)]
    first = table.dynamodb.list_backups(TableName=table.name, Limit=2)
    rest: dict[str, Any] = dict(
        table.dynamodb.list_backups(
            TableName=table.describe()["TableArn"],
            Limit=2,
            ExclusiveStartBackupArn=first["LastEvaluatedBackupArn"],
        )
    )
    assert [found["BackupArn"] for found in first["BackupSummaries"]] == made[:2]
    assert [found["BackupArn"] for found in rest["BackupSummaries"]] == made[2:]
    assert "LastEvaluatedBackupArn" not in rest
    everything = table.dynamodb.list_backups(BackupType="ALL")["BackupSummaries"]
    assert set(made) <= {found["BackupArn"] for found in everything}
    assert table.dynamodb.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []


def test_backups_are_listed_by_when_they_were_made(table: Recoverable) -> None:
    earlier, later = (backup(table, f"backup-{n}") for n in range(2))
    made = table.dynamodb.describe_backup(BackupArn=later)["BackupDescription"]["BackupDetails"]
    at = made["BackupCreationDateTime"]
    before = table.dynamodb.list_backups(TableName=table.name, TimeRangeUpperBound=at)["BackupSummaries"]
    since = table.dynamodb.list_backups(TableName=table.name, TimeRangeLowerBound=at)["BackupSummaries"]
    assert [found["BackupArn"] for found in before] == [earlier]
    assert [found["BackupArn"] for found in since] == [later]


def test_a_deleted_backup_is_gone_with_its_files(lone_region: LoneRegion, table: Recoverable) -> None:
    kept, arn = backup(table), backup(table)
    deleted = table.dynamodb.delete_backup(BackupArn=arn)["BackupDescription"]
    assert deleted["BackupDetails"]["BackupStatus"] == "DELETED"
    lone_region.kill()
    lone_region.start()
    with pytest.raises(table.dynamodb.exceptions.BackupNotFoundException):
        table.dynamodb.describe_backup(BackupArn=arn)
    table.dynamodb.describe_backup(BackupArn=kept)
    assert not list(folder(lone_region).glob(f"{arn.rpartition('/')[2]}*"))


def test_a_backup_that_is_not_there_is_refused(table: Recoverable) -> None:
    missing = table.dynamodb.exceptions.BackupNotFoundException
    with pytest.raises(missing, match=f"Backup not found: {NOWHERE}"):
        table.dynamodb.describe_backup(BackupArn=NOWHERE)
    with pytest.raises(missing):
        table.dynamodb.delete_backup(BackupArn=NOWHERE)
    with pytest.raises(missing):
        table.dynamodb.restore_table_from_backup(BackupArn=NOWHERE, TargetTableName="from-nowhere")


def test_nothing_is_restored_over_a_table(table: Recoverable) -> None:
    arn = backup(table)
    with pytest.raises(table.dynamodb.exceptions.TableAlreadyExistsException):
        table.dynamodb.restore_table_from_backup(BackupArn=arn, TargetTableName=table.name)


@pytest.mark.parametrize(
    ("source", "name", "code"),
    [("nowhere", "nightly", "TableNotFoundException"), ("", "no spaces", "ValidationException")],
)
def test_what_cannot_be_backed_up_is_refused(table: Recoverable, source: str, name: str, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        table.dynamodb.create_backup(TableName=source or table.name, BackupName=name)
    assert refused.value.response["Error"]["Code"] == code
