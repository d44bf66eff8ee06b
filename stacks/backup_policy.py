"""How a deployment's table is backed up: what is kept for how long, and who could shorten that."""

from collections.abc import Mapping
from dataclasses import dataclass

# A backup that has moved to cold storage is kept there for 90 days at least
# (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html).
LEAST_COLD_DAYS = 90
# https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html
LEAST_CHANGEABLE_DAYS = 3
# The least that AWS Backup takes: a backup that is not begun within the hour has expired, and that is told.
START_WINDOW_HOURS = 1


@dataclass(frozen=True, kw_only=True)
class Retention:
    """For how many days a backup and its copy are kept, and after how many they move to cold storage.

    `cold_after_days` of None leaves them where they are restored from at once. Raises ValueError for times
    that AWS Backup refuses.
    """

    days: int
    cold_after_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse what AWS Backup would refuse, before anything is deployed."""
        if self.days < 1:
            raise ValueError(f"days must be at least 1, not {self.days}.")
        if self.cold_after_days is None:
            return
        if self.cold_after_days < 1:
            raise ValueError(f"cold_after_days must be at least 1, not {self.cold_after_days}.")
        if self.days - self.cold_after_days < LEAST_COLD_DAYS:
            raise ValueError(
                f"cold_after_days must be at least {LEAST_COLD_DAYS} below days, which is {self.days}, "
                f"not {self.cold_after_days}."
            )


@dataclass(frozen=True, kw_only=True)
class GovernanceLock:
    """No backup of a vault goes before `least_days`, until somebody who has the right takes the lock away.

    Raises ValueError for a time below a day.
    """

    least_days: int

    def __post_init__(self) -> None:
        """Refuse a lock that holds nothing."""
        _require_days(self.least_days)


@dataclass(frozen=True, kw_only=True)
class ComplianceLock:
    """The same for good: `changeable_for_days` after it was made nobody takes it away, not even AWS.

    A vault with such a lock, and what is stored in it, is paid for until its last backup has expired. Raises
    ValueError for times that AWS Backup refuses.
    """

    least_days: int
    changeable_for_days: int

    def __post_init__(self) -> None:
        """Refuse what AWS Backup would refuse."""
        _require_days(self.least_days)
        if self.changeable_for_days < LEAST_CHANGEABLE_DAYS:
            raise ValueError(
                f"changeable_for_days must be at least {LEAST_CHANGEABLE_DAYS}, "
                f"not {self.changeable_for_days}."
            )


@dataclass(frozen=True, kw_only=True)
class BackupPolicy:
    """What of a table is kept, and from when on somebody is told that it could not be restored.

    Backups are made daily, weekly and monthly, and each is copied to the other Region. A restored table that
    has fewer than `least_users` is no good. A Region is told of a newest backup that is `stale_hours` old,
    and of a last restore that proved good `unproven_days` ago. Raises ValueError, with a sentence that names
    the field, for a policy that AWS Backup would not carry out, or that is always told of.
    """

    daily: Retention
    weekly: Retention
    monthly: Retention
    lock: GovernanceLock | ComplianceLock
    least_users: int
    # A backup that is begun late, and then takes for more than an hour with its copy, is told of as well: the
    # one before it is as old by then. Raise this if a table is so large that it always takes so long.
    stale_hours: int = 26
    unproven_days: int = 8

    def __post_init__(self) -> None:
        """Refuse a lock under which no backup is made, and alarms that are always raised."""
        for rule, retention in self.rules.items():
            if retention.days < self.lock.least_days:
                raise ValueError(
                    f"{rule}.days must be at least lock.least_days, {self.lock.least_days}, "
                    f"not {retention.days}: the vault would refuse each such backup."
                )
        if self.least_users < 0:
            raise ValueError(f"least_users must be at least 0, not {self.least_users}.")
        if self.stale_hours <= 24 + START_WINDOW_HOURS:
            raise ValueError(
                f"stale_hours must be above {24 + START_WINDOW_HOURS}, since a day is the pace and a backup "
                f"is begun within {START_WINDOW_HOURS} h of its time, not {self.stale_hours}."
            )
        if self.unproven_days <= 7:
            raise ValueError(
                f"unproven_days must be above 7, since a week is the pace, not {self.unproven_days}."
            )

    @property
    def rules(self) -> Mapping[str, Retention]:
        """For how long each kind of backup is kept, by the name of the field."""
        return {"daily": self.daily, "weekly": self.weekly, "monthly": self.monthly}


def backup_tag(service: str) -> Mapping[str, str]:
    """The tag of the tables that are backed up: the one that serves has it, one it was restored from not.

    A table that was just restored has no tags: it is backed up from the moment at which it is given this one.
    """
    return {"Backup": service}


def _require_days(least_days: int) -> None:
    if least_days < 1:
        raise ValueError(f"least_days must be at least 1, not {least_days}.")
