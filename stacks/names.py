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
