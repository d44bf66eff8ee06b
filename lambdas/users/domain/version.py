"""Versions: every write to a user makes one, and none is ever changed."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Change(StrEnum):
    """What a version did to its user."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class Version(Struct, frozen=True, kw_only=True):
    """One write to one user: `number` counts from 1, `at` is a timestamp, `supersedes` the version_id before.

    Two versions that supersede the same one are a fork: two regions wrote before either heard of the other.
    """

    number: int
    at: str
    region: str
    change: Change
    supersedes: str | None = None

    @property
    def version_id(self) -> str:
        """`<timestamp>#<region>`: unique to its user, sorted by time, and never the same in two regions."""
        return f"{self.at}#{self.region}"


def timestamp(at: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with microseconds and `Z`, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def timestamp_after(former: str, at: datetime) -> str:
    """Return the timestamp of an aware time, or one a microsecond after `former` where that is later.

    A version that is made in the same microsecond as the one it supersedes, or where the clock runs behind
    that of the other region, still has an id of its own, and still sorts after it.
    """
    return max(timestamp(at), timestamp(datetime.fromisoformat(former) + timedelta(microseconds=1)))
