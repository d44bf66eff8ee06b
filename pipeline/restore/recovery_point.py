"""A table made from a backup: for when there is no table left whose past could be restored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.config import Deployment
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.partition import partition
from pipeline.restore import cut_over
from pipeline.restore.facts import name_restored
from pipeline.restore.page import Entry, Section, sent
from pipeline.restore.step import Who
from pipeline.runbook import SHELL_NOW, Call, unfence, variable
from stacks import names

# Where nothing else is said, AWS Backup has DynamoDB's own key encrypt what it restores
# (https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-dynamodb.html).
AWS_MANAGED_KEY: Mapping[str, Any] = {"SSESpecification": {"Enabled": True, "SSEType": "KMS"}}
NOT_COVERED = (
    "Writes since the backup: they are gone unless the former table can still be read, and then the replay "
    "brings them.",
    "An account that is lost: both vaults are in it.",
    "A Region and its vault that are lost before a backup was copied to the other.",
    "A cut over from a table that does not exist: the data stack still has it and would change its tags, "
    "which fails. A restore into its own name needs no cut over. Neither was tried.",
)


def section(deployment: Deployment) -> Section:
    """Return the procedure, which ends where that of the table restore goes on."""
    return Section(
        title="The table is gone: restore it from a backup",
        when=(
            "The table was deleted, or the damage is older than what point-in-time recovery reaches. No "
            "drill holds this one; AWS Backup tests a restore of the newest backup every week."
        ),
        before=[
            "Use the vault of the primary Region, or that of the secondary one where the first is out of "
            "reach: then each call of what follows goes to the other Region.",
            "Where both Regions have lost the table, restore it into its own name, "
            f"`{deployment.table_name}`: it serves as soon as it is there, before it is verified, and "
            "nothing is cut over. This was not tried.",
            *cut_over.BEFORE,
        ],
        variables=[
            name_restored(deployment),
            f"# or, where both Regions have lost the table: RESTORED={deployment.table_name}",
        ],
        entries=[
            _look(deployment),
            _start(deployment),
            _wait(deployment),
            _encrypt(deployment),
            _serve(),
            _unfence(deployment),
        ],
        not_covered=NOT_COVERED,
    )


def calls(deployment: Deployment, role: Role) -> Sequence[Call]:
    """Return its calls to one Region, in their order: list, start, look, encrypt."""
    region = region_of(deployment, role)
    restorer = (
        f"arn:{partition(region)}:iam::{deployment.account}:role/{names.restore_role(deployment.service)}"
    )
    table = variable("RESTORED")
    return (
        _call(
            "list backups",
            "backup",
            "ListRecoveryPointsByBackupVault",
            region,
            {"BackupVaultName": names.vault(deployment.service), "ByResourceType": "DynamoDB"},
        ),
        _call(
            f"restore a backup into {table}",
            "backup",
            "StartRestoreJob",
            region,
            {
                "RecoveryPointArn": variable("RECOVERY_POINT"),
                "Metadata": {"targetTableName": table, "encryptionType": "Default"},
                "IamRoleArn": restorer,
                "ResourceType": "DynamoDB",
            },
        ),
        _call("look at the job", "backup", "DescribeRestoreJob", region, {"RestoreJobId": variable("JOB")}),
        _call(
            f"encrypt {table} as it was",
            "dynamodb",
            "UpdateTable",
            region,
            {"TableName": table, **AWS_MANAGED_KEY},
        ),
    )


def _call(purpose: str, service: str, action: str, region: str, parameters: Mapping[str, Any]) -> Call:
    return Call(purpose=purpose, service=service, action=action, region=region, parameters=parameters)


def _look(deployment: Deployment) -> Entry:
    both = [line for role in Role for line in sent(calls(deployment, role)[0])]
    return Entry(
        what="The newest backup from before the damage is chosen.",
        who=Who.LEAD,
        lines=both,
        verify="Its `Status` is `COMPLETED`, and its `CreationDate` is before the damage.",
        back="Nothing was changed.",
        more=[["RECOVERY_POINT= # its ARN"]],
    )


def _start(deployment: Deployment) -> Entry:
    return Entry(
        what="AWS Backup is told to restore it.",
        who=Who.ON_CALL,
        lines=sent(calls(deployment, Role.PRIMARY)[1]),
        verify="The answer has a `RestoreJobId`.",
        back="Leave the restored table as it is; nobody reads it.",
        more=[["JOB= # the RestoreJobId"]],
    )


def _wait(deployment: Deployment) -> Entry:
    return Entry(
        what="AWS Backup has restored it.",
        who=Who.ON_CALL,
        lines=sent(calls(deployment, Role.PRIMARY)[2]),
        verify="`Status` is `COMPLETED`. Ask again until then; it may take hours.",
        back="Leave the restored table as it is; nobody reads it.",
    )


def _encrypt(deployment: Deployment) -> Entry:
    return Entry(
        what="It is encrypted as the table was.",
        who=Who.ON_CALL,
        lines=sent(calls(deployment, Role.PRIMARY)[3]),
        verify="`SSEDescription` has the status `ENABLED`, a while later.",
        back="Nothing is to be undone.",
    )


def _serve() -> Entry:
    """The steps of the other procedure, which are not told twice."""
    return Entry(
        what="It gets settings and a replica, is verified, and serves: go on as in the table restore.",
        who=Who.LEAD,
        lines=[],
        verify=(
            "Its steps have worked, from the settings on. Without a former table that can be read leave its "
            "fences, the waits for what they let through, and the replay out."
        ),
        back="As each of those steps says.",
    )


def _unfence(deployment: Deployment) -> Entry:
    table = variable("RESTORED")
    both = [unfence(deployment, region_of(deployment, role), at=SHELL_NOW, table=table) for role in Role]
    return Entry(
        what="Both Regions take writes: a backup that was made while one was fenced has that fence in it.",
        who=Who.LEAD,
        lines=[line for call in both for line in sent(call)],
        verify="After 5 s a PUT to any user is acknowledged, by either Region.",
        back="Fence the restored table again: write `fenced` in place of `active`.",
    )
