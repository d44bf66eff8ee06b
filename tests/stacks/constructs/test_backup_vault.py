"""The vault: nobody ends a backup in it early, and nobody is locked out of it for good."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from pipeline.retention import PROD_BACKUPS
from stacks.backup_policy import ComplianceLock
from tests.stacks.assembly import Assembly, Resource, Stack
from tests.stacks.backups import backup_stack

VAULT = "AWS::Backup::BackupVault"
ENDS_BACKUPS = {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"}
DEPLOYING = "arn:aws:iam::222222222222:role/cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1"


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdPrimary-Backup"]


@pytest.fixture
def vault(stack: Stack) -> Resource:
    properties: Resource = stack.only(VAULT)["Properties"]
    return properties


@pytest.fixture
def key(stack: Stack) -> Resource:
    properties: Resource = stack.only("AWS::KMS::Key")["Properties"]
    return properties


def refused(guarded: Resource, action: str, principal: str) -> bool:
    """Whether the policy refuses an action to a principal, as AWS reads it: whatever else allows it."""
    policy = guarded.get("AccessPolicy") or guarded["KeyPolicy"]
    return any(
        action in statement["Action"] and _meant(statement, principal)
        for statement in policy["Statement"]
        if statement["Effect"] == "Deny" and statement["Principal"] == {"AWS": "*"}
    )


def _meant(statement: dict[str, Any], principal: str) -> bool:
    """Whether the one condition that these statements know holds for a principal."""
    condition = statement.get("Condition", {"ArnNotEquals": {"aws:PrincipalArn": None}})
    assert list(condition) == ["ArnNotEquals"]
    return bool(condition["ArnNotEquals"]["aws:PrincipalArn"] != principal)


@pytest.mark.parametrize("action", sorted(ENDS_BACKUPS))
@pytest.mark.parametrize("who", ["arn:aws:iam::222222222222:root", DEPLOYING])
def test_nobody_at_all_ends_a_backup_early(vault: Resource, action: str, who: str) -> None:
    assert refused(vault, action, who)


@pytest.mark.parametrize(
    "action",
    [
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultLockConfiguration",
        "backup:PutBackupVaultAccessPolicy",
        "backup:PutBackupVaultLockConfiguration",
    ],
)
def test_only_a_deployment_changes_what_guards_the_vault(vault: Resource, action: str) -> None:
    assert refused(vault, action, "arn:aws:iam::222222222222:root")
    assert refused(vault, action, "arn:aws:iam::222222222222:role/admin")
    assert not refused(vault, action, DEPLOYING)


@pytest.mark.parametrize("action", ["kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"])
def test_only_a_deployment_takes_away_the_key_that_backups_are_read_with(key: Resource, action: str) -> None:
    assert refused(key, action, "arn:aws:iam::222222222222:root")
    assert refused(key, action, "arn:aws:iam::222222222222:role/admin")
    assert not refused(key, action, DEPLOYING)


def test_the_role_that_makes_the_key_may_change_its_policy_as_kms_asks(key: Resource) -> None:
    (allowed,) = (each for each in key["KeyPolicy"]["Statement"] if each["Effect"] == "Allow")
    assert (allowed["Action"], allowed["Resource"]) == ("kms:*", "*")
    assert allowed["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert "Condition" not in allowed


def test_the_key_is_used_and_administered_otherwise_as_ever(key: Resource) -> None:
    for action in ("Decrypt", "GenerateDataKey", "CreateGrant", "CancelKeyDeletion", "EnableKey"):
        assert not refused(key, f"kms:{action}", "arn:aws:iam::222222222222:role/users-prod-restores")


def test_a_policy_that_lets_an_admin_delete_the_key_would_be_found(key: Resource) -> None:
    planted = json.loads(json.dumps(key))
    planted["KeyPolicy"]["Statement"] = planted["KeyPolicy"]["Statement"][:1]
    assert not refused(planted, "kms:ScheduleKeyDeletion", "arn:aws:iam::222222222222:role/admin")


def test_each_action_is_named_as_a_vault_s_policy_asks(vault: Resource) -> None:
    assert "*" not in json.dumps([each["Action"] for each in vault["AccessPolicy"]["Statement"]])


def test_a_backup_is_made_copied_and_restored_all_the_same(vault: Resource) -> None:
    for action in ("StartBackupJob", "CopyIntoBackupVault", "StartCopyJob", "StartRestoreJob"):
        assert not refused(vault, f"backup:{action}", "arn:aws:iam::222222222222:role/users-prod-restores")


def test_a_policy_that_lets_the_root_delete_would_be_found(vault: Resource) -> None:
    planted = json.loads(json.dumps(vault))
    statement = planted["AccessPolicy"]["Statement"][0]
    statement["Condition"] = {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:root"}}
    assert not refused(planted, "backup:DeleteRecoveryPoint", "arn:aws:iam::222222222222:root")


def test_its_key_is_its_own_and_rotated(stack: Stack, vault: Resource) -> None:
    (key,) = stack.of_type("AWS::KMS::Key")
    assert vault["EncryptionKeyArn"] == {"Fn::GetAtt": [key, "Arn"]}
    assert stack.only("AWS::KMS::Key")["Properties"]["EnableKeyRotation"] is True


@pytest.mark.parametrize("type_", [VAULT, "AWS::KMS::Key"])
def test_it_outlives_its_stack_but_for_one_that_never_was_and_so_does_its_key(
    stack: Stack, type_: str
) -> None:
    resource = stack.only(type_)
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_its_logical_id_stays_since_another_would_be_another_vault(assembly: Assembly) -> None:
    found = {
        id_
        for deployment in DEPLOYMENTS
        for role in ("Primary", "Secondary")
        for id_ in assembly.stacks[f"{deployment.name.title()}{role}-Backup"].of_type(VAULT)
    }
    assert found == {"Vault645BC77C"}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
@pytest.mark.parametrize("role", ["Primary", "Secondary"])
def test_no_deployment_has_a_lock_that_is_final_unless_it_says_so(
    assembly: Assembly, deployment: Deployment, role: str
) -> None:
    vault = assembly.stacks[f"{deployment.name.title()}{role}-Backup"].only(VAULT)["Properties"]
    assert vault["LockConfiguration"] == {"MinRetentionDays": deployment.backups.lock.least_days}


def test_a_lock_that_says_so_is_final_after_its_days(tmp_path: Path) -> None:
    lock = ComplianceLock(least_days=35, changeable_for_days=3)
    stack = backup_stack(tmp_path, policy=replace(PROD_BACKUPS, lock=lock))
    assert stack.only(VAULT)["Properties"]["LockConfiguration"] == {
        "MinRetentionDays": 35,
        "ChangeableForDays": 3,
    }
