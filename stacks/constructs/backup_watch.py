"""The function that looks once an hour whether the table of one Region could be restored."""

from aws_cdk import Duration
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import guardrails, recovery_tables
from stacks.constructs.recovery_function import RecoveryFunction
from stacks.sizing import FunctionPolicy

LEFT_OVER_HOURS = 24


class BackupWatch(Construct):
    """Measures the ages of the newest backup and of the last good restore, and whether DynamoDB is opted in.

    It removes what restore tests left behind for a day, and no other table. `plan_arn` is of the plan whose
    restores are to be good, None in a Region that restores nothing.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table_name: str,
        vault: backup.IBackupVault,
        plan_arn: str | None,
        functions: FunctionPolicy,
    ) -> None:
        super().__init__(scope, id)
        environment = {
            "TABLE_NAME": table_name,
            "VAULT": vault.backup_vault_name,
            "RESTORE_TEST_PREFIX": recovery_tables.TESTED,
            "LEFT_OVER_HOURS": str(LEFT_OVER_HOURS),
        }
        function = RecoveryFunction(
            self,
            "Function",
            service=service,
            handler="watch",
            environment=environment | ({"RESTORE_TESTING_PLAN_ARN": plan_arn} if plan_arn else {}),
            functions=functions,
        )
        rights = iam.Policy(self, "Rights", roles=[function.role], statements=_rights(vault))
        guardrails.acknowledge(rights, guardrails.WATCHED_BACKUPS)
        rule = events.Rule(self, "Hourly", schedule=events.Schedule.rate(Duration.hours(1)))
        rule.add_target(targets.LambdaFunction(function.function))


def _rights(vault: backup.IBackupVault) -> list[iam.PolicyStatement]:
    """The right to read lists, which have no resource, and to remove tables that were restored to be tested.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
    """
    lists = ["backup:DescribeRegionSettings", "backup:ListRestoreJobs", "dynamodb:ListTables"]
    return [
        iam.PolicyStatement(
            actions=["backup:ListRecoveryPointsByBackupVault"], resources=[vault.backup_vault_arn]
        ),
        iam.PolicyStatement(
            actions=["dynamodb:DeleteTable", "dynamodb:DescribeTable"], resources=[recovery_tables.tested()]
        ),
        iam.PolicyStatement(actions=lists, resources=["*"]),
    ]
