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


class BackupVault(Construct):
    """A vault with a key of its own, out of which nobody removes a backup before it expires.

    Not the root of the account either: a refusal in the policy of a vault is stronger than any right. The
    policy itself, and the lock, are changed by nobody but the role that CloudFormation deploys with, so that
    a mistake in them can be put right, by a commit that was reviewed, and nobody is locked out for good.
    Vault and key outlive their stack. A stack that is made again must import both. Not yet run on AWS.
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
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=name,
            encryption_key=key,
            access_policy=iam.PolicyDocument(statements=[_keeps_backups(), _keeps_vault(cdk.Stack.of(self))]),
            lock_configuration=_lock(lock),
            removal_policy=cdk.RemovalPolicy.RETAIN,
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


def _keeps_backups() -> iam.PolicyStatement:
    """Refuse to everybody what ends a backup."""
    return _refuse(ENDS_BACKUPS, {})


def _keeps_vault(stack: cdk.Stack) -> iam.PolicyStatement:
    """Refuse what undoes a vault, but to the role of CDK's bootstrap with which CloudFormation deploys."""
    qualifier = stack.synthesizer.bootstrap_qualifier
    name = f"cdk-{qualifier}-cfn-exec-role-{stack.account}-{stack.region}"
    role = f"arn:{stack.partition}:iam::{stack.account}:role/{name}"
    return _refuse(UNDOES_VAULT, {"ArnNotEquals": {"aws:PrincipalArn": role}})


def _refuse(actions: tuple[str, ...], conditions: Mapping[str, Mapping[str, str]]) -> iam.PolicyStatement:
    """A refusal: AWS Backup takes no wildcard for an action, and `*` is the vault that has the policy.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=list(actions),
        resources=["*"],
        conditions=conditions,
    )
