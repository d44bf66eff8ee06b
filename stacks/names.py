"""The physical names that are chosen rather than generated, beside the table's: each with its reason.

Whatever is named here is named because something that cannot refer to it must find it: a stack of another
Region, or another stack of the same Region, which would otherwise need an export that can never change.
"""


def api(service: str) -> str:
    """A REST API, whose metrics have this name as their dimension; alarms and dashboards find them by it."""
    return service


def alarm_topic(service: str) -> str:
    """The topic of one Region that every alarm there is told to."""
    return f"{service}-alarms"


def stop_alarm(service: str, region: str) -> str:
    """The alarm, kept in the other Region, that takes a Region out of DNS while it is raised."""
    return f"{service}-stop-{region}"


def fail_over_alarm(service: str) -> str:
    """The alarm in each Region that says to leave it; somebody reads its name on a telephone at night."""
    return f"{service}-fail-over"


def fail_over_with_loss_alarm(service: str) -> str:
    """The same where the other Region lacks writes, so that leaving is a decision."""
    return f"{service}-fail-over-with-loss"


def vault(service: str) -> str:
    """The vault of each Region for backups of the table: the plan of one copies to the other by its ARN."""
    return f"{service}-vault"


def restore_testing(service: str) -> str:
    """The plan by which backups are restored to be looked at, and the table's part in it.

    Both must be named, by letters, digits and underscores alone
    (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html).
    """
    return f"{service.replace('-', '_')}_restores"


def restore_role(service: str) -> str:
    """The role that AWS Backup restores with, in either Region: whoever starts a restore by hand names it."""
    return f"{service}-restores"


def validator(service: str) -> str:
    """The function that says whether a table is sound; whoever restores one calls it out of the runbook."""
    return f"{service}-validator"


def replayer(service: str) -> str:
    """The function that brings a restored table what was acknowledged since; the runbook calls it as well."""
    return f"{service}-replayer"


def restored_table(service: str) -> str:
    """How the name of a table begins that was restored by hand, by which rights to such tables are given."""
    return f"{service}-restored"


# The table in which the pipeline's account keeps who deploys or drills what; a drill that is held from
# somewhere else, by the credentials of another account, finds it by this.
LOCKS = "users-locks"


def gate_role(service: str) -> str:
    """The role of a deployment's account that the pipeline's gates look with; they are in another account."""
    return f"{service}-gate"


def drill_role(service: str) -> str:
    """The role of a deployment's account that the pipeline drills with."""
    return f"{service}-drill"


def pipeline_role(service: str, part: str) -> str:
    """The role of one step in the pipeline's account, which a role of the deployment's trusts by its name."""
    return f"{service}-pipeline-{part}"
