"""Backup, copy and restore jobs do what they say, and what they kept outlives the process and the Region."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.pipeline.local.emulator.pairs import RegionPair
from tests.pipeline.local.emulator.vaults import ADVANCED, ROLE, Vault
from tests.waiting import eventually


@pytest.fixture
def vault(region_pair: RegionPair) -> Vault:
    return Vault(region_pair.primary)


@pytest.fixture
def other(region_pair: RegionPair) -> Vault:
    return Vault(region_pair.secondary)


@pytest.fixture
def table(region_pair: RegionPair) -> str:
    name = region_pair.primary.create_table()
    region_pair.primary.put_all(name, range(25))
    return name


def target() -> str:
    return f"restored-{uuid4().hex[:8]}"


def refusal(call: Callable[..., object], **parameters: object) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


def test_a_restored_table_has_what_was_there_when_the_backup_was_asked_for(
    region_pair: RegionPair, vault: Vault, table: str
) -> None:
    region, before = region_pair.primary, region_pair.primary.rows(table)
    job = vault.start(table)
    region.put(table, "after", 1)
    region.dynamodb.delete_item(TableName=table, Key={"id": {"S": "u1"}})
    ended = vault.ended("backup", job)
    assert (ended["State"], ended["PercentDone"], ended["ResourceType"]) == ("COMPLETED", "100.0", "DynamoDB")

    name = target()
    restored = vault.restore(ended["RecoveryPointArn"], name)
    assert restored["Status"] == "COMPLETED"
    assert restored["CreatedResourceArn"] == f"arn:aws:dynamodb:{region.name}:000000000000:table/{name}"
    assert region.rows(name) == before


def test_a_backup_of_a_table_that_is_gone_is_restored(
    region_pair: RegionPair, vault: Vault, table: str
) -> None:
    before, point = region_pair.primary.rows(table), vault.back_up(table)
    region_pair.primary.dynamodb.delete_table(TableName=table)
    assert vault.restore(point, table)["Status"] == "COMPLETED"
    assert region_pair.primary.rows(table) == before


def test_a_recovery_point_is_told_of_by_vault_and_by_table(vault: Vault, table: str) -> None:
    point = vault.back_up(table, RecoveryPointTags={"team": "users"}, Lifecycle={"DeleteAfterDays": 30})
    arn = f"arn:aws:dynamodb:{vault.region.name}:000000000000:table/{table}"
    described = vault.backup.describe_recovery_point(BackupVaultName=vault.name, RecoveryPointArn=point)
    assert (described["Status"], described["ResourceArn"]) == ("COMPLETED", arn)
    assert described["Lifecycle"] == {"DeleteAfterDays": 30}
    assert described["BackupSizeInBytes"] > 0
    assert [each["RecoveryPointArn"] for each in vault.points()] == [point]
    found = vault.backup.list_recovery_points_by_resource(ResourceArn=arn)["RecoveryPoints"]
    assert [each["RecoveryPointArn"] for each in found] == [point]
    metadata = vault.backup.get_recovery_point_restore_metadata(
        BackupVaultName=vault.name, RecoveryPointArn=point
    )["RestoreMetadata"]
    assert metadata["originalTableName"] == table
    assert vault.backup.describe_backup_vault(BackupVaultName=vault.name)["NumberOfRecoveryPoints"] == 1

    vault.backup.delete_recovery_point(BackupVaultName=vault.name, RecoveryPointArn=point)
    assert vault.points() == []


def test_jobs_are_listed_by_what_is_asked(vault: Vault, table: str) -> None:
    point = vault.back_up(table)
    job = vault.restore(point, target())
    (listed,) = vault.backup.list_backup_jobs(ByBackupVaultName=vault.name)["BackupJobs"]
    assert listed["RecoveryPointArn"] == point
    assert vault.backup.list_backup_jobs(ByBackupVaultName=vault.name, ByState="FAILED")["BackupJobs"] == []
    after = vault.backup.list_restore_jobs(ByCreatedAfter=job["CreationDate"])["RestoreJobs"]
    assert job["RestoreJobId"] in [each["RestoreJobId"] for each in after]
    before = vault.backup.list_restore_jobs(ByCreatedBefore=listed["CreationDate"])["RestoreJobs"]
    assert job["RestoreJobId"] not in [each["RestoreJobId"] for each in before]
    metadata = vault.backup.get_restore_job_metadata(RestoreJobId=job["RestoreJobId"])["Metadata"]
    assert metadata.keys() == {"targetTableName"}
    by_table = vault.backup.list_restore_jobs_by_protected_resource(ResourceArn=job["SourceResourceArn"])
    assert [each["RestoreJobId"] for each in by_table["RestoreJobs"]] == [job["RestoreJobId"]]


def test_a_copy_outlives_the_loss_of_the_region_that_it_came_from(tmp_path: Path) -> None:
    pair = RegionPair(tmp_path)
    pair.start()
    try:
        vault, other = Vault(pair.primary), Vault(pair.secondary)
        table = pair.primary.create_table()
        pair.primary.put_all(table, range(25))
        before = pair.primary.rows(table)
        job = vault.copy(vault.back_up(table), other.arn)
        assert job["State"] == "COMPLETED", job
        pair.primary.kill()
        pair.primary.lose_disk()
        pair.secondary.kill()
        pair.secondary.start()

        (point,) = other.points()
        assert point["RecoveryPointArn"] == job["DestinationRecoveryPointArn"]
        assert point["SourceBackupVaultArn"] == vault.arn
        assert other.restore(point["RecoveryPointArn"], table)["Status"] == "COMPLETED"
        assert pair.secondary.rows(table) == before
        pair.primary.start()
        assert pair.primary.client("backup").list_backup_jobs()["BackupJobs"] == []
    finally:
        pair.stop()


def test_a_copy_into_a_vault_that_is_not_there_fails_and_says_why(
    vault: Vault, other: Vault, table: str
) -> None:
    point = vault.back_up(table)
    job = vault.copy(point, f"{other.arn}-none")
    assert job["State"] == "FAILED"
    assert f"Backup vault {other.name}-none does not exist" in job["StatusMessage"]
    job = vault.copy(point, f"arn:aws:backup:ap-south-1:000000000000:backup-vault:{other.name}")
    assert (job["State"], job["StatusMessage"]) == ("FAILED", "There is no Region ap-south-1")


def test_a_copy_within_a_region_is_a_recovery_point_of_its_own(vault: Vault, table: str) -> None:
    second = Vault(vault.region)
    point = vault.back_up(table)
    assert vault.copy(point, second.arn)["State"] == "COMPLETED"
    vault.backup.delete_recovery_point(BackupVaultName=vault.name, RecoveryPointArn=point)
    (copy,) = second.points()
    name = target()
    assert second.restore(copy["RecoveryPointArn"], name)["Status"] == "COMPLETED"
    assert len(vault.region.rows(name)) == 25


def test_without_advanced_features_dynamodb_has_the_recovery_point_and_it_cannot_be_copied(
    vault: Vault, other: Vault, table: str
) -> None:
    off = {"DynamoDB": False}
    vault.backup.update_region_settings(ResourceTypeManagementPreference=off)
    point = vault.back_up(table)
    assert point.startswith(f"arn:aws:dynamodb:{vault.region.name}:000000000000:table/{table}/backup/")
    with pytest.raises(vault.backup.exceptions.InvalidRequestException, match="Advanced features"):
        vault.copy(point, other.arn)
    assert vault.restore(point, target())["Status"] == "COMPLETED"
    vault.backup.delete_recovery_point(BackupVaultName=vault.name, RecoveryPointArn=point)


def test_settings_of_the_region_are_kept_type_by_type(region_pair: RegionPair) -> None:
    backup = region_pair.secondary.client("backup")
    backup.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": True})
    backup.update_region_settings(
        ResourceTypeOptInPreference={"EFS": False}, ResourceTypeManagementPreference=ADVANCED
    )
    region_pair.secondary.kill()
    region_pair.secondary.start()
    found = backup.describe_region_settings()
    assert found["ResourceTypeOptInPreference"] == {"DynamoDB": True, "EFS": False}
    assert found["ResourceTypeManagementPreference"] == {"DynamoDB": True}


def test_what_was_done_is_known_after_a_kill(region_pair: RegionPair, vault: Vault, table: str) -> None:
    point = vault.back_up(table)
    job = vault.restore(point, target())
    vault.backup.put_restore_validation_result(
        RestoreJobId=job["RestoreJobId"], ValidationStatus="SUCCESSFUL", ValidationStatusMessage="25 users"
    )
    region_pair.primary.kill()
    region_pair.primary.start()
    assert [each["RecoveryPointArn"] for each in vault.points()] == [point]
    known = vault.job("restore", job["RestoreJobId"])
    assert (known["Status"], known["ValidationStatus"]) == ("COMPLETED", "SUCCESSFUL")
    assert known["ValidationStatusMessage"] == "25 users"
    name = target()
    assert vault.restore(point, name)["Status"] == "COMPLETED"
    assert len(region_pair.primary.rows(name)) == 25


def test_a_job_that_a_kill_cuts_off_is_not_forgotten(region_pair: RegionPair, vault: Vault) -> None:
    region = region_pair.primary
    table = region.create_table()
    for first in range(0, 2_000, 25):
        region.put_all(table, range(first, first + 25))
    point, name = vault.back_up(table), target()
    started = vault.backup.start_restore_job(
        RecoveryPointArn=point, Metadata={"targetTableName": name}, IamRoleArn=ROLE
    )
    backup = vault.start(table)
    region.kill()
    region.start()
    job = vault.ended("restore", started["RestoreJobId"])
    if job["Status"] == "COMPLETED":
        assert region.rows(name) == region.rows(table)
    else:
        assert job["StatusMessage"] == "The Region stopped before the job was done."
    ended = vault.ended("backup", backup)
    points = [each["RecoveryPointArn"] for each in vault.points()]
    assert (ended["RecoveryPointArn"] in points) == (ended["State"] == "COMPLETED")
    assert point in points


def test_a_request_that_is_repeated_with_its_token_starts_one_job(vault: Vault, table: str) -> None:
    token = uuid4().hex
    assert vault.start(table, IdempotencyToken=token) == vault.start(table, IdempotencyToken=token)


def test_what_makes_no_sense_is_refused(vault: Vault, table: str) -> None:
    backup, missing = vault.backup, "arn:aws:backup:eu-west-1:000000000000:recovery-point:none"
    arn = f"arn:aws:dynamodb:{vault.region.name}:000000000000:table/{table}"
    point = vault.back_up(table)
    start = {"ResourceArn": arn, "IamRoleArn": ROLE}
    assert refusal(backup.start_backup_job, BackupVaultName="none", **start) == "ResourceNotFoundException"
    start = {"BackupVaultName": vault.name, "IamRoleArn": ROLE}
    assert refusal(backup.start_backup_job, ResourceArn=f"{arn}-none", **start) == "ResourceNotFoundException"
    bucket = "arn:aws:s3:::bucket"
    assert refusal(backup.start_backup_job, ResourceArn=bucket, **start) == "InvalidParameterValueException"
    assert refusal(backup.start_restore_job, RecoveryPointArn=missing, Metadata={"targetTableName": "a"}) == (
        "ResourceNotFoundException"
    )
    assert refusal(backup.start_restore_job, RecoveryPointArn=point, Metadata={}) == (
        "InvalidParameterValueException"
    )
    assert refusal(backup.describe_restore_job, RestoreJobId="none") == "ResourceNotFoundException"
    assert refusal(backup.describe_copy_job, CopyJobId="none") == "ResourceNotFoundException"
    assert refusal(backup.describe_recovery_point, BackupVaultName=vault.name, RecoveryPointArn=missing) == (
        "ResourceNotFoundException"
    )
    job = vault.restore(point, target())["RestoreJobId"]
    validate = backup.put_restore_validation_result
    assert refusal(validate, RestoreJobId=job, ValidationStatus="NONE") == "InvalidParameterValueException"


def test_a_restore_over_a_table_fails_and_leaves_it(
    region_pair: RegionPair, vault: Vault, table: str
) -> None:
    point = vault.back_up(table)
    region_pair.primary.put(table, "since", 1)
    job = vault.restore(point, table)
    assert (job["Status"], job["StatusMessage"]) == ("FAILED", f"Table already exists: {table}")
    assert len(region_pair.primary.rows(table)) == 26
    validate = vault.backup.put_restore_validation_result
    refused = refusal(validate, RestoreJobId=job["RestoreJobId"], ValidationStatus="SUCCESSFUL")
    assert refused == "InvalidRequestException"


def test_event_bridge_is_told_of_a_restore_that_is_done(vault: Vault, table: str) -> None:
    events, queues, name = vault.region.client("events"), vault.region.client("sqs"), target()
    queue = queues.create_queue(QueueName=name)["QueueUrl"]
    pattern = {"source": ["aws.backup"], "detail-type": ["Restore Job State Change"]}
    events.put_rule(Name=name, EventPattern=json.dumps({**pattern, "detail": {"status": ["COMPLETED"]}}))
    arn = f"arn:aws:sqs:{vault.region.name}:000000000000:{name}"
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    job = vault.restore(vault.back_up(table), name)
    (message,) = eventually(lambda: queues.receive_message(QueueUrl=queue).get("Messages"))
    detail = json.loads(message["Body"])["detail"]
    assert detail["restoreJobId"] == job["RestoreJobId"]
    assert detail["createdResourceArn"].endswith(f":table/{name}")
    events.remove_targets(Rule=name, Ids=["queue"])
    events.delete_rule(Name=name)


writes = st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 99)), max_size=8)


def check(pair: RegionPair, vault: Vault, before: list[Any], after: list[Any]) -> None:
    """A table that is written to, backed up, and written to again, is restored as it was between."""
    region, model = pair.primary, {}
    table, name = region.create_table(), target()
    for id_, n in before:
        model[id_] = n
        write(pair, table, id_, n)
    job = vault.start(table)
    for id_, n in after:
        write(pair, table, id_, n)
    assert vault.restore(vault.ended("backup", job)["RecoveryPointArn"], name)["Status"] == "COMPLETED"
    assert region.rows(name) == {id_: str(n) for id_, n in model.items() if n is not None}
    for each in (table, name):
        region.dynamodb.delete_table(TableName=each)


def write(pair: RegionPair, table: str, id_: str, n: int | None) -> None:
    if n is None:
        pair.primary.dynamodb.delete_item(TableName=table, Key={"id": {"S": id_}})
    else:
        pair.primary.put(table, id_, n)


def test_a_backup_at_any_moment_among_any_writes_is_what_was_there(
    region_pair: RegionPair, vault: Vault
) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(before=writes, after=writes)
    def property_(before: list[Any], after: list[Any]) -> None:
        check(region_pair, vault, before, after)

    property_()


def test_a_backup_of_the_present_instead_of_the_moment_is_found(
    region_pair: RegionPair, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = vault.start

    def late(table: str, **options: object) -> str:
        write(region_pair, table, "a", 100)  # as if the job read the table only after the next write
        return start(table, **options)

    monkeypatch.setattr(vault, "start", late)

    @settings(max_examples=5, deadline=None, phases=[Phase.generate], database=None)
    @given(before=writes)
    def property_(before: list[Any]) -> None:
        check(region_pair, vault, before, [])

    with pytest.raises(AssertionError):
        property_()
