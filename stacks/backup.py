"""The stack by which the table of one Region can be recovered."""

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from constructs import Construct

from stacks import names
from stacks.backup_policy import BackupPolicy
from stacks.constructs.backup_notices import BackupNotices
from stacks.constructs.backup_opt_in import BackupOptIn
from stacks.constructs.backup_plan import BackupPlan
from stacks.constructs.backup_vault import BackupVault, vault_arn
from stacks.constructs.backup_watch import BackupWatch
from stacks.constructs.recovery_alarms import RecoveryAlarms
from stacks.constructs.regional_topic import RegionalTopic
from stacks.constructs.restore_testing import RestoreTesting
from stacks.constructs.table_replayer import TableReplayer
from stacks.constructs.table_validator import TableValidator
from stacks.sizing import FunctionPolicy


class BackupStack(cdk.Stack):
    """A vault, what looks after it, and the functions of the runbook, in each Region.

    Backups are made in the primary Region alone, copied to the vault of the other, and tested where they are
    made. `copies_to` is the Region that they are copied to, None in that one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table_name: str,
        history_retention_days: int,
        copies_to: str | None,
        backups: BackupPolicy,
        functions: FunctionPolicy,
    ) -> None:
        super().__init__(scope, id)
        vault = BackupVault(self, "Vault", name=names.vault(service), lock=backups.lock).vault
        opt_in = BackupOptIn(self, "OptIn", functions=functions)
        topic = RegionalTopic(self, "AlarmTopic", name=names.alarm_topic(service)).topic
        BackupNotices(self, "Notices", topic=topic)
        alarms = RecoveryAlarms(self, "Alarms", service=service, topic=topic, policy=backups)
        validator = TableValidator(
            self,
            "Validator",
            service=service,
            least_users=backups.least_users,
            history_retention_days=history_retention_days,
            functions=functions,
        )
        TableReplayer(self, "Replayer", service=service, functions=functions)
        plan_arn = None
        if copies_to:
            self._plan(service, vault, copies_to, backups).node.add_dependency(opt_in)
            testing = RestoreTesting(
                self, "RestoreTesting", service=service, table_name=table_name, vault=vault
            )
            plan_arn = testing.plan_arn
            validator.judge_restores(plan_arn)
            alarms.watch_restores()
        BackupWatch(
            self,
            "Watch",
            service=service,
            table_name=table_name,
            vault=vault,
            plan_arn=plan_arn,
            functions=functions,
        )

    def _plan(
        self, service: str, vault: backup.IBackupVault, copies_to: str, backups: BackupPolicy
    ) -> BackupPlan:
        """Back the table up here, and copy each backup to the vault of the same name in another Region."""
        other = vault_arn(self, name=names.vault(service), region=copies_to)
        return BackupPlan(self, "Plan", service=service, vault=vault, copies_to=other, policy=backups)
