"""Who hears of a backup, a copy or a restore that failed."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

# The states that a job ends in without having done its work, by what its event is called, and the field
# that has them: a restore has a status, where others have a state
# (https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html).
FAILED: Mapping[str, tuple[str, Sequence[str]]] = {
    "Backup": ("state", ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]),
    "Copy": ("state", ["FAILED", "PARTIAL"]),
    "Restore": ("status", ["ABORTED", "FAILED"]),
}


class BackupNotices(Construct):
    """Tells the topic of a Region of each job of AWS Backup here that failed, and of no other.

    By rules rather than by notifications of the vault, which tell of every job that ended, and leave it to
    each subscriber to find out how (https://docs.aws.amazon.com/aws-backup/latest/devguide/
    backup-notifications.html). An event may be lost: the alarms on ages see what is missing.
    """

    def __init__(self, scope: Construct, id: str, *, topic: sns.ITopic) -> None:
        super().__init__(scope, id)
        for job, (field, states) in FAILED.items():
            rule = events.Rule(
                self,
                f"{job}Failed",
                event_pattern=events.EventPattern(
                    source=["aws.backup"],
                    detail_type=[f"{job} Job State Change"],
                    detail={field: list(states)},
                ),
            )
            rule.add_target(targets.SnsTopic(topic))
