"""Between which instants a table can be restored, as its definition keeps it under `pitr`."""

from __future__ import annotations

from typing import Any, NamedTuple

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
LONGEST_DAYS = 35


class Window(NamedTuple):
    """Since when, in µs since the epoch, and for how many days back, changes of a table can be undone.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
    """

    since: int
    days: int = LONGEST_DAYS

    def earliest(self, now: int) -> int:
        """Return the earliest instant that can be restored at `now`, both in µs since the epoch."""
        return max(self.since, now - self.days * DAY_US)

    def to_json(self) -> dict[str, int]:
        """Return what a definition keeps of it."""
        return self._asdict()


def window(pitr: object) -> Window | None:
    """Return the window of a definition's `pitr`, or None where point-in-time recovery is switched off."""
    return Window(pitr["since"], pitr["days"]) if isinstance(pitr, dict) else None


def setting(specification: dict[str, Any]) -> dict[str, int] | bool:
    """Return the `pitr` for a PointInTimeRecoverySpecification of a template or of a request."""
    if not specification.get("PointInTimeRecoveryEnabled"):
        return False
    return {"days": int(specification.get("RecoveryPeriodInDays") or LONGEST_DAYS)}


def carried(known: object, found: object, at: int) -> dict[str, int] | bool:
    """Return `found` with since when it has been so: since `known` was, or from `at` on if that was off.

    A period that is made longer brings back nothing that the shorter one had given up.
    """
    if not found:
        return False
    asked = found if isinstance(found, dict) else {}
    if "since" in asked:
        return asked
    before, days = window(known), asked.get("days", LONGEST_DAYS)
    if before is None:
        return Window(at, days).to_json()
    return Window(before.since if days == before.days else before.earliest(at), days).to_json()
