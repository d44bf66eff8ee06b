"""Backups that are restored every week, to see whether they can be."""

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from constructs import Construct

from stacks import names
from stacks.constructs.backup_role import RESTORES, BackupRole
from stacks.recovery_tables import table_arn

# Every Monday, a day after the weekly backup.
SCHEDULE = "cron(0 6 ? * MON *)"
START_WINDOW_HOURS = 1
# How old a backup may be that is tested: older than that the daily ones have failed for days.
SELECTION_WINDOW_DAYS = 3
# For how long AWS Backup keeps a restored table that nobody gave a verdict on; then it removes it.
VALIDATION_WINDOW_HOURS = 8


class RestoreTesting(Construct):
    """Has AWS Backup restore the newest backup of the table once a week, and remove it after its verdict.

    `plan_arn` is what the event of such a restore names. `role` may restore by hand as well, in any Region.
    Not yet run on AWS.
    """

    def __init__(
        self, scope: Construct, id: str, *, service: str, table_name: str, vault: backup.IBackupVault
    ) -> None:
        super().__init__(scope, id)
        name = names.restore_testing(service)
        plan = self._plan(name, vault)
        self.plan_arn = plan.attr_restore_testing_plan_arn
        role = BackupRole(self, "Role", policy=RESTORES, name=names.restore_role(service)).role
        selection = backup.CfnRestoreTestingSelection(
            self,
            "Selection",
            restore_testing_plan_name=plan.ref,
            restore_testing_selection_name=name,
            iam_role_arn=role.role_arn,
            protected_resource_type="DynamoDB",
            protected_resource_arns=[table_arn(table_name)],
            validation_window_hours=VALIDATION_WINDOW_HOURS,
        )
        selection.node.add_dependency(role)
        for each in (plan, selection):
            each.apply_removal_policy(cdk.RemovalPolicy.DESTROY)

    def _plan(self, name: str, vault: backup.IBackupVault) -> backup.CfnRestoreTestingPlan:
        """When what of a vault is restored."""
        return backup.CfnRestoreTestingPlan(
            self,
            "Plan",
            restore_testing_plan_name=name,
            schedule_expression=SCHEDULE,
            start_window_hours=START_WINDOW_HOURS,
            recovery_point_selection=backup.CfnRestoreTestingPlan.RestoreTestingRecoveryPointSelectionProperty(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=[vault.backup_vault_arn],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=SELECTION_WINDOW_DAYS,
            ),
        )
