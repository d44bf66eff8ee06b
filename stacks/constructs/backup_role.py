"""A role that AWS Backup acts with."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import guardrails

BACKUPS = "AWSBackupServiceRolePolicyForBackup"
RESTORES = "AWSBackupServiceRolePolicyForRestores"


class BackupRole(Construct):
    """A role for AWS Backup with the one policy that AWS keeps for a kind of job, by its name.

    Nobody else can act as it, nor can AWS Backup be told to by another account: a role is passed on within
    its own (https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html).
    """

    def __init__(self, scope: Construct, id: str, *, policy: str, name: str | None = None) -> None:
        super().__init__(scope, id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=name,
            assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(f"service-role/{policy}")],
        )
        guardrails.acknowledge(self, guardrails.filled(guardrails.BACKUP_ROLE, policy=policy))
