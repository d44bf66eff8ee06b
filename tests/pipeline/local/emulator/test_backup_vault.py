"""A vault keeps what its template says, and holds those to it who would delete what is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.pipeline.local.emulator.clouds import Resources, Stack
from tests.pipeline.local.emulator.pairs import RegionPair
from tests.pipeline.local.emulator.vaults import Vault

TOPIC = "arn:aws:sns:eu-west-1:000000000000:alarms"


def policy(principal: object = "*", **more: object) -> dict[str, Any]:
    actions = ["backup:DeleteRecoveryPoint", "backup:DeleteBackupVault"]
    statement = {"Effect": "Deny", "Principal": principal, "Action": actions, "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def resources(name: str, **properties: object) -> Resources:
    vault = {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": name, **properties}}
    return {"Vault": vault}


@pytest.fixture
def table(region_pair: RegionPair) -> str:
    name = region_pair.primary.create_table()
    region_pair.primary.put(name, "ada", 1)
    return name


@pytest.fixture
def stack(region_pair: RegionPair) -> Stack:
    return Stack(region_pair.primary)


def deployed(pair: RegionPair, stack: Stack, **properties: object) -> Vault:
    name = f"vault-{uuid4().hex[:8]}"
    assert stack.create(resources(name, **properties)) == "CREATE_COMPLETE", stack.reasons()
    return Vault(pair.primary, name)


def refusal(call: Callable[..., object], **parameters: object) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value.response["Error"]["Code"])


def deletion(vault: Vault, point: str) -> str:
    try:
        vault.backup.delete_recovery_point(BackupVaultName=vault.name, RecoveryPointArn=point)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "deleted"


def test_a_vault_has_what_its_template_says_and_after_a_kill_too(
    region_pair: RegionPair, stack: Stack
) -> None:
    notifications = {"SNSTopicArn": TOPIC, "BackupVaultEvents": ["BACKUP_JOB_FAILED"]}
    lock = {"MinRetentionDays": 7, "MaxRetentionDays": 400}
    vault = deployed(
        region_pair, stack, AccessPolicy=policy(), Notifications=notifications, LockConfiguration=lock
    )
    region_pair.primary.kill()
    region_pair.primary.start()
    backup, of = vault.backup, {"BackupVaultName": vault.name}
    described = backup.describe_backup_vault(**of)
    assert (described["Locked"], described["MinRetentionDays"], described["MaxRetentionDays"]) == (
        True,
        7,
        400,
    )
    assert "LockDate" not in described
    assert json.loads(backup.get_backup_vault_access_policy(**of)["Policy"]) == policy()
    found = backup.get_backup_vault_notifications(**of)
    assert {name: found[name] for name in notifications} == notifications


def test_a_vault_without_any_of_it_says_so(vault_without: Vault) -> None:
    backup, of = vault_without.backup, {"BackupVaultName": vault_without.name}
    assert refusal(backup.get_backup_vault_access_policy, **of) == "ResourceNotFoundException"
    assert refusal(backup.get_backup_vault_notifications, **of) == "ResourceNotFoundException"
    assert backup.describe_backup_vault(**of)["Locked"] is False


@pytest.fixture
def vault_without(region_pair: RegionPair) -> Vault:
    return Vault(region_pair.primary)


def test_what_a_policy_denies_to_everybody_is_refused_until_the_policy_is_gone(
    region_pair: RegionPair, stack: Stack, table: str
) -> None:
    vault = deployed(region_pair, stack, AccessPolicy=policy())
    point = vault.back_up(table)
    assert deletion(vault, point) == "AccessDeniedException"
    assert len(vault.points()) == 1
    assert stack.update(resources(vault.name)) == "UPDATE_COMPLETE"
    assert deletion(vault, point) == "deleted"


@pytest.mark.parametrize(
    "other",
    [
        policy(principal={"AWS": "arn:aws:iam::000000000000:role/backup"}),
        policy(Condition={"StringEquals": {"aws:PrincipalTag/team": "users"}}),
        policy(Effect="Allow"),
        policy(Action="backup:StartCopyJob"),
    ],
    ids=["one role", "a condition", "allowed", "another call"],
)
def test_a_policy_of_another_shape_denies_nothing(
    vault_without: Vault, table: str, other: dict[str, Any]
) -> None:
    vault = vault_without
    vault.backup.put_backup_vault_access_policy(BackupVaultName=vault.name, Policy=json.dumps(other))
    assert deletion(vault, vault.back_up(table)) == "deleted"


def test_a_locked_vault_keeps_a_recovery_point_and_takes_none_of_another_retention(
    region_pair: RegionPair, stack: Stack, table: str
) -> None:
    vault = deployed(region_pair, stack, LockConfiguration={"MinRetentionDays": 7})
    point = vault.back_up(table, Lifecycle={"DeleteAfterDays": 7})
    assert deletion(vault, point) == "AccessDeniedException"
    job = vault.ended("backup", vault.start(table, Lifecycle={"DeleteAfterDays": 6}))
    assert job["State"] == "FAILED"
    assert "Retention settings are not within those" in job["StatusMessage"]
    job = vault.copy(point, vault.backup.describe_backup_vault(BackupVaultName=vault.name)["BackupVaultArn"])
    assert job["State"] == "COMPLETED"
    vault.backup.delete_backup_vault_lock_configuration(BackupVaultName=vault.name)
    assert deletion(vault, point) == "deleted"


def test_a_lock_that_becomes_final_says_when(vault_without: Vault) -> None:
    vault = vault_without
    vault.backup.put_backup_vault_lock_configuration(
        BackupVaultName=vault.name, MinRetentionDays=1, ChangeableForDays=3
    )
    described = vault.backup.describe_backup_vault(BackupVaultName=vault.name)
    assert (described["LockDate"] - described["CreationDate"]).days in (2, 3)


def test_a_vault_that_has_recovery_points_is_not_deleted(
    region_pair: RegionPair, stack: Stack, table: str
) -> None:
    vault = deployed(region_pair, stack)
    point = vault.back_up(table)
    delete = vault.backup.delete_backup_vault
    assert refusal(delete, BackupVaultName=vault.name) == "InvalidRequestException"
    assert stack.delete() == "DELETE_FAILED"
    assert len(vault.points()) == 1
    assert deletion(vault, point) == "deleted"
    vault.backup.delete_backup_vault(BackupVaultName=vault.name)
    assert refusal(vault.backup.describe_backup_vault, BackupVaultName=vault.name) == (
        "ResourceNotFoundException"
    )


def test_a_vault_whose_stack_was_lost_is_adopted_with_its_recovery_points(
    region_pair: RegionPair, stack: Stack, table: str
) -> None:
    vault = deployed(region_pair, stack)
    vault.back_up(table)
    region_pair.primary.kill()  # before the stack was saved
    region_pair.primary.start()
    again = Stack(region_pair.primary)
    assert again.create(resources(vault.name, AccessPolicy=policy())) == "CREATE_COMPLETE"
    (point,) = vault.points()
    assert deletion(vault, point["RecoveryPointArn"]) == "AccessDeniedException"
