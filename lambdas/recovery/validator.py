"""Judges tables by their names, within the time that a call has."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from lambdas.recovery.domain.inspection import Expectation, Inspection, inspect, refused
from lambdas.recovery.domain.table import ReadsTable

# What is left for looking at the sample again, and for a page that has to be asked for again and again.
RESERVE_SECONDS, WITHOUT_A_LIMIT = 240.0, 600.0


@dataclass(frozen=True, kw_only=True)
class Validator:
    """How a table is found by its name, and what it must be."""

    expectation: Expectation
    table: Callable[[str], ReadsTable]

    def validate(self, name: str, *, least_users: object, seconds: float) -> Inspection:
        """Inspect a table, which is read for so many seconds; None is the least number that is expected."""
        expected = self.expectation
        if least_users is not None:
            try:
                least = msgspec.convert(least_users, int)
            except msgspec.ValidationError:
                return refused(name, "least_users is not a whole number.")
            expected = msgspec.structs.replace(expected, least_users=least)
        end = time.monotonic() + seconds
        now = datetime.now(UTC)
        return inspect(self.table(name), expected, now=now, more=lambda: time.monotonic() < end)


def reading_seconds(context: object) -> float:
    """Return how long a table may be read: what Lambda leaves, less a reserve or, of little, half."""
    remaining: Callable[[], int] | None = getattr(context, "get_remaining_time_in_millis", None)
    seconds = remaining() / 1000 if remaining else WITHOUT_A_LIMIT + RESERVE_SECONDS
    return max(seconds - RESERVE_SECONDS, seconds / 2)
