"""Where backups of one Region are kept."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.backup_policy import ComplianceLock, GovernanceLock

# What ends a backup before its time, as the rule of AWS Config names it that looks for such a policy
# (https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html).
# AWS Backup itself still removes what has expired, by a role of its own.
ENDS_BACKUPS = ("backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle")
# What undoes the vault, its lock, or these very refusals.
UNDOES_VAULT = (
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:PutBackupVaultAccessPolicy",
    "backup:PutBackupVaultLockConfiguration",
)
# What makes every backup unreadable, or undoes this refusal.
UNDOES_KEY = ("kms:DisableKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion")


class BackupVault(Construct):
    """A vault with a key of its own, out of which nobody removes a backup before it expires.

    Not the root of the account either: a refusal in the policy of a vault is stronger than any right. The
    policy itself, the lock, and the key without which no backup can be read, are changed by nobody but the
    role that CloudFormation deploys with, so that a mistake in them can be put right, by a commit that was
    reviewed, and nobody is locked out for good: whoever bootstraps CDK again makes that role again. So
    whoever may deploy with that role, or let somebody assume it, can still undo all of this.

    KMS takes no policy which whoever asks for the key could not change: that is this role, and a stack with
    this vault that is deployed with any other fails before anything is kept
    (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html).

    Vault and key outlive their stack, but for one whose creation failed: that can be tried again at once. A
    stack that is made again must import both. Not yet run on AWS.
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, lock: GovernanceLock | ComplianceLock
    ) -> None:
        super().__init__(scope, id)
        key = kms.Key(
            self,
            "Key",
            description=f"Encrypts the backups in {name}.",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        key.add_to_resource_policy(_refuse(UNDOES_KEY, _but_deploying(self)))
        self.vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=name,
            encryption_key=key,
            access_policy=iam.PolicyDocument(
                statements=[_refuse(ENDS_BACKUPS, {}), _refuse(UNDOES_VAULT, _but_deploying(self))]
            ),
            lock_configuration=_lock(lock),
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )


def vault_arn(scope: Construct, *, name: str, region: str) -> str:
    """The ARN of a vault of this account in any Region, which no stack of another can refer to."""
    return cdk.Stack.of(scope).format_arn(
        service="backup",
        region=region,
        resource="backup-vault",
        resource_name=name,
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )


def _lock(lock: GovernanceLock | ComplianceLock) -> backup.LockConfiguration:
    """A lock as CloudFormation takes it: what can be changed for some days only is final after them."""
    changeable = lock.changeable_for_days if isinstance(lock, ComplianceLock) else None
    return backup.LockConfiguration(
        min_retention=cdk.Duration.days(lock.least_days),
        changeable_for=None if changeable is None else cdk.Duration.days(changeable),
    )


def _but_deploying(scope: Construct) -> Mapping[str, Mapping[str, str]]:
    """The condition that it is not the role of CDK's bootstrap with which CloudFormation deploys."""
    stack = cdk.Stack.of(scope)
    qualifier = stack.synthesizer.bootstrap_qualifier
    name = f"cdk-{qualifier}-cfn-exec-role-{stack.account}-{stack.region}"
    role = f"arn:{stack.partition}:iam::{stack.account}:role/{name}"
    return {"ArnNotEquals": {"aws:PrincipalArn": role}}


def _refuse(actions: tuple[str, ...], conditions: Mapping[str, Mapping[str, str]]) -> iam.PolicyStatement:
    """A refusal: AWS Backup takes no wildcard for an action, and `*` is the vault or key with the policy.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=list(actions),
        resources=["*"],
        conditions=conditions,
    )
