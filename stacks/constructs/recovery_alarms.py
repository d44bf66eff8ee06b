"""The alarms on whether the table of one Region could be restored."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.backup_policy import BackupPolicy
from stacks.constructs.gauge_alarm import GaugeAlarm
from stacks.constructs.told_alarm import ToldAlarm
from stacks.recovery_metrics import DAY, recovery_metric

MINIMUM, SUM = cloudwatch.Stats.MINIMUM, cloudwatch.Stats.SUM


class RecoveryAlarms(Construct):
    """Backups that are not made, and a watch over them that no longer looks.

    Hours without a measure are as bad as a bad one, and what is not there has no age. So a new deployment is
    told of until its first backup, and of its restores until the first that proved good: each alarm says so.
    """

    def __init__(
        self, scope: Construct, id: str, *, service: str, topic: sns.ITopic, policy: BackupPolicy
    ) -> None:
        super().__init__(scope, id)
        self._service, self._topic, self._policy = service, topic, policy
        self._stale()
        self._not_opted_in()
        self._left_over()

    def watch_restores(self) -> None:
        """Add the alarms on backups that are restored here every week to be tested."""
        self._failed()
        self._unproven()

    def _stale(self) -> None:
        """Tell of backups that are no longer made, or no longer copied here."""
        GaugeAlarm(
            self,
            "RecoveryPointStale",
            topic=self._topic,
            metric=recovery_metric(self._service, "RecoveryPointAgeHours", MINIMUM),
            threshold=self._policy.stale_hours,
            meaning=(
                f"The newest backup of the table in this Region's vault is {self._policy.stale_hours} hours "
                "old, or there is none, or nothing looks any more. Look at the jobs of AWS Backup here and, "
                "for copies, in the other Region, and at the log of the watch. In the first day of a "
                "deployment there is no backup yet: this ends with the first."
            ),
        )

    def _not_opted_in(self) -> None:
        """Tell of an account that no longer lets AWS Backup manage backups of DynamoDB."""
        GaugeAlarm(
            self,
            "NotOptedIn",
            topic=self._topic,
            metric=recovery_metric(self._service, "OptedIn", MINIMUM),
            threshold=1,
            below=True,
            meaning=(
                "AWS Backup no longer manages DynamoDB in this Region, so that backups are neither copied "
                "nor locked, or nothing looks any more. Opt in again (aws backup update-region-settings) "
                "and look in CloudTrail who opted out. In the first hours of a deployment nothing has looked "
                "yet: this ends when the watch has been called twice."
            ),
        )

    def _left_over(self) -> None:
        """Tell of what restore tests leave behind, and is paid for."""
        GaugeAlarm(
            self,
            "LeftOverTables",
            topic=self._topic,
            metric=recovery_metric(self._service, "LeftOverTables", MINIMUM),
            threshold=1,
            meaning=(
                "Tables that were restored to be tested are left for a day, and the watch, which removes "
                "them, did not in two hours, or nothing looks any more. Look at its log, and whether such a "
                "table is protected from deletion. In the first hours of a deployment nothing has looked "
                "yet: this ends when the watch has been called twice."
            ),
        )

    def _failed(self) -> None:
        """Tell of a backup that is no good, for a day."""
        ToldAlarm(
            self,
            "ValidationFailed",
            topic=self._topic,
            metric=recovery_metric(self._service, "ValidationFailed", SUM, DAY),
            threshold=1,
            periods=1,
            least=1,
            meaning=(
                "A backup was restored, and the table is not sound. What is wrong is in the restore job's "
                "validation message and in the log of the validator. Have the validator look at the table "
                "that serves: if that is not sound either, go by the runbook. This ends after a day by "
                "itself, whatever is wrong."
            ),
        )

    def _unproven(self) -> None:
        """Tell of restores that are no longer tried, or end without a good verdict."""
        days = self._policy.unproven_days
        GaugeAlarm(
            self,
            "ValidationMissing",
            topic=self._topic,
            metric=recovery_metric(self._service, "HoursSinceValidation", MINIMUM),
            threshold=24 * days,
            meaning=(
                f"No backup was restored and found sound for {days} days, or ever, or nothing looks any "
                "more. Look at the restore jobs of AWS Backup, and at the logs of validator and watch. A new "
                "deployment has its first restore within a week: this ends with it."
            ),
        )
