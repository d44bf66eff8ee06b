"""Tables of restore tests that AWS Backup should have deleted, and did not."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct


class StandingTable(Struct, frozen=True, kw_only=True):
    """A table as it stands: when it was made, an aware time, and whether it is protected from deletion."""

    name: str
    created: datetime
    protected: bool
    status: str


def left_overs(
    tables: Iterable[StandingTable], *, prefix: str, before: datetime, serving: str
) -> Sequence[StandingTable]:
    """Return the tables that a restore test made and left: by their name, and made before a time.

    One that is being deleted is none, and never the table that serves, whatever its name is.
    """
    return [
        table
        for table in tables
        if table.name.startswith(prefix)
        and table.created < before
        and table.name != serving
        and table.status != "DELETING"
    ]
