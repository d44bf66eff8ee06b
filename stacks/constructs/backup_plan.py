"""Which backups of the table are made when."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from constructs import Construct

from stacks.backup_policy import START_WINDOW_HOURS, BackupPolicy, Retention, backup_tag
from stacks.constructs.backup_role import BACKUPS, BackupRole
from stacks.recovery_tables import table_arn

# At different hours of UTC: of two backups in one hour AWS Backup would make one.
SCHEDULES: Mapping[str, events.Schedule] = {
    "daily": events.Schedule.cron(minute="0", hour="3"),
    "weekly": events.Schedule.cron(minute="0", hour="5", week_day="SUN"),
    "monthly": events.Schedule.cron(minute="0", hour="7", day="1"),
}
START_WINDOW = cdk.Duration.hours(START_WINDOW_HOURS)
# Long after a late backup is told of: one that takes for hours is better than one that is given up.
COMPLETION_WINDOW = cdk.Duration.hours(8)


class BackupPlan(Construct):
    """Backs up each table here that has the tag of the service, and copies each backup to the other Region.

    There is one plan, in the primary Region: the other replica has the same rows, and another plan would keep
    them twice over. What a loss of this Region needs is in the other one's vault already, and there the
    replica's point-in-time recovery goes on. Plain snapshots: AWS Backup has no continuous ones of DynamoDB
    (https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        vault: backup.IBackupVault,
        copies_to: str,
        policy: BackupPolicy,
    ) -> None:
        super().__init__(scope, id)
        other = backup.BackupVault.from_backup_vault_arn(self, "OtherVault", copies_to)
        plan = backup.BackupPlan(
            self,
            "Plan",
            backup_plan_name=service,
            backup_vault=vault,
            backup_plan_rules=[
                _rule(name, retention, other=other) for name, retention in policy.rules.items()
            ],
        )
        self._select(plan, service)

    def _select(self, plan: backup.BackupPlan, service: str) -> None:
        """Have a plan back up the tables that have the tag of a service, by a role that does nothing else."""
        role = BackupRole(self, "Role", policy=BACKUPS).role
        selection = backup.CfnBackupSelection(
            self,
            "Selection",
            backup_plan_id=plan.backup_plan_id,
            backup_selection=backup.CfnBackupSelection.BackupSelectionResourceTypeProperty(
                selection_name="tables",
                iam_role_arn=role.role_arn,
                resources=[table_arn("*")],
                conditions={"StringEquals": _tagged(service)},
            ),
        )
        selection.node.add_dependency(role)


def _rule(name: str, retention: Retention, *, other: backup.IBackupVault) -> backup.BackupPlanRule:
    """One kind of backup, whose copy is kept for as long as itself."""
    delete_after = cdk.Duration.days(retention.days)
    cold = retention.cold_after_days
    move_after = None if cold is None else cdk.Duration.days(cold)
    return backup.BackupPlanRule(
        rule_name=name,
        schedule_expression=SCHEDULES[name],
        start_window=START_WINDOW,
        completion_window=COMPLETION_WINDOW,
        delete_after=delete_after,
        move_to_cold_storage_after=move_after,
        copy_actions=[
            backup.BackupPlanCopyActionProps(
                destination_backup_vault=other,
                delete_after=delete_after,
                move_to_cold_storage_after=move_after,
            )
        ],
    )


def _tagged(service: str) -> list[Mapping[str, str]]:
    """The condition that a table has the tag of the service."""
    return [
        {"ConditionKey": f"aws:ResourceTag/{key}", "ConditionValue": value}
        for key, value in backup_tag(service).items()
    ]
