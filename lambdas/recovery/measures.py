"""What is measured of the backups in one region, and what is cleared away there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lambdas.recovery.adapters.backup import Backup
from lambdas.recovery.adapters.standing_tables import StandingTables
from lambdas.recovery.domain.left_over import left_overs
from lambdas.recovery.settings import WatchSettings


def _now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Each measure by the name of its metric; what cannot be said is None, and is not published.

    So a table without any recovery point has no age, and one that never passed a restore test none either: an
    alarm on them takes missing data for a breach. To publish a large number instead would say what nobody
    knows. Each measure raises BackupRefused or DynamoError.
    """

    settings: WatchSettings
    backup: Backup
    tables: StandingTables
    now: Callable[[], datetime] = _now
    cleared: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)

    def all(self) -> Mapping[str, Callable[[], float | None]]:
        """Return how to take each measure."""
        return {
            "RecoveryPointAgeHours": self._recovery_point_age,
            "HoursSinceValidation": self._since_validation,
            "OptedIn": lambda: float(self.backup.opted_in()),
            "LeftOverTables": self._left_overs,
        }

    def _recovery_point_age(self) -> float | None:
        """Return the age of the newest recovery point that is finished, in hours."""
        settings = self.settings
        return self._hours_since(self.backup.newest_recovery_point(settings.vault, table=settings.table_name))

    def _since_validation(self) -> float | None:
        """Return the hours since restored data were last found to be right."""
        plan = self.settings.restore_testing_plan_arn
        return None if plan is None else self._hours_since(self.backup.newest_validation(plan))

    def _left_overs(self) -> float:
        """Delete the tables that restore tests left, and return how many there were, deleted or not."""
        settings = self.settings
        found = left_overs(
            self.tables.named(settings.restore_test_prefix),
            prefix=settings.restore_test_prefix,
            before=self.now() - settings.left_over_after,
            serving=settings.table_name,
        )
        for table in found:
            if table.protected:
                self.protected.append(table.name)
            elif self.tables.delete(table):
                self.cleared.append(table.name)
            else:
                self.standing.append(table.name)
        return float(len(found))

    def _hours_since(self, moment: datetime | None) -> float | None:
        """Return the hours since a moment, if there was one."""
        return None if moment is None else (self.now() - moment).total_seconds() / 3600
