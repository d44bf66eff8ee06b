"""The stack by which the table of one Region can be recovered."""

import aws_cdk as cdk
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
    made. `copies_to` is the Region that they are copied to, None in that one. `least_history_days` is the
    shortest for which versions of users were ever kept.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        table_name: str,
        least_history_days: int,
        copies_to: str | None,
        backups: BackupPolicy,
        functions: FunctionPolicy,
    ) -> None:
        super().__init__(scope, id)
        self._service, self._table_name, self._functions = service, table_name, functions
        self._vault = BackupVault(self, "Vault", name=names.vault(service), lock=backups.lock).vault
        opt_in = BackupOptIn(self, "OptIn", functions=functions)
        topic = RegionalTopic(self, "AlarmTopic", name=names.alarm_topic(service)).topic
        BackupNotices(self, "Notices", topic=topic)
        alarms = RecoveryAlarms(self, "Alarms", service=service, topic=topic, policy=backups)
        validator = self._validator(backups.least_users, least_history_days)
        TableReplayer(self, "Replayer", service=service, functions=functions)
        if copies_to:
            self._plan(copies_to, backups).node.add_dependency(opt_in)
            alarms.watch_restores()
        self._watch(self._test_restores(validator) if copies_to else None)

    def _validator(self, least_users: int, least_history_days: int) -> TableValidator:
        """What says whether a table is sound."""
        return TableValidator(
            self,
            "Validator",
            service=self._service,
            least_users=least_users,
            least_history_days=least_history_days,
            functions=self._functions,
        )

    def _plan(self, copies_to: str, backups: BackupPolicy) -> BackupPlan:
        """Back the table up here, and copy each backup to the vault of the same name in another Region."""
        other = vault_arn(self, name=names.vault(self._service), region=copies_to)
        return BackupPlan(
            self, "Plan", service=self._service, vault=self._vault, copies_to=other, policy=backups
        )

    def _test_restores(self, validator: TableValidator) -> str:
        """Have backups restored here, and what they are restored into judged; returns the ARN of the plan."""
        testing = RestoreTesting(
            self, "RestoreTesting", service=self._service, table_name=self._table_name, vault=self._vault
        )
        validator.judge_restores(testing.plan_arn)
        return testing.plan_arn

    def _watch(self, plan_arn: str | None) -> None:
        """Measure whether backups are made, and whether those of a plan of restores are good."""
        BackupWatch(
            self,
            "Watch",
            service=self._service,
            table_name=self._table_name,
            vault=self._vault,
            plan_arn=plan_arn,
            functions=self._functions,
        )
