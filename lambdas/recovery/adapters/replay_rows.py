"""Two tables, read for a replay."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from lambdas.recovery.domain.record import Kept, Record
from lambdas.users.adapters.item import Row, former_user_of, user_of
from lambdas.users.adapters.lanes import LANES, side_by_side
from lambdas.users.adapters.table import Table
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Change, Version

CURRENT, CLAIM, RECEIPT, REGION = "CURRENT", "EMAIL#", "REQUEST#", "REGION#"


class Contents(Struct, frozen=True, kw_only=True):
    """All that one table holds but for the states of Regions, each of which is about that table alone.

    `users` are by id, `claims` the owner of each email, `rows` the history rows by user and version_id, and
    `receipts` the receipts by their partition.
    """

    users: Mapping[str, Kept]
    claims: Mapping[str, str]
    rows: Mapping[tuple[str, str], Row]
    receipts: Mapping[str, Row]


def contents(table: Table) -> Contents:
    """Read a table in whole, by consistent parallel scans; raises RepositoryUnavailable or DynamoError."""

    def scan(segment: int) -> Sequence[Row]:
        request = {"ConsistentRead": True, "Segment": segment, "TotalSegments": LANES}
        return [row for page in table.read("Scan", request) for row in page["Items"]]

    rows = [row for part in side_by_side(scan, range(LANES)) for row in part]
    keyed = {(row["user_id"]["S"], row["timestamp"]["S"]): row for row in rows}
    histories = {key: row for key, row in keyed.items() if _is_history(*key)}
    return Contents(
        users=_users(histories, {user_id: row for (user_id, sort), row in keyed.items() if sort == CURRENT}),
        claims={
            user_id.removeprefix(CLAIM): row["owner"]["S"]
            for (user_id, _), row in keyed.items()
            if user_id.startswith(CLAIM)
        },
        rows=histories,
        receipts={user_id: row for (user_id, _), row in keyed.items() if user_id.startswith(RECEIPT)},
    )


def _is_history(user_id: str, sort: str) -> bool:
    """Tell the rows of versions from the others: an id of a user holds no `#`."""
    return "#" not in user_id and sort != CURRENT


def _users(histories: Mapping[tuple[str, str], Row], currents: Mapping[str, Row]) -> Mapping[str, Kept]:
    """Put the rows of each user together.

    Where a current row and the history row of its version differ, the history counts: the application never
    changes either alone, so a script changed the one that indexes and reads see.
    """
    versions: dict[str, dict[str, Record]] = {}
    for (user_id, version_id), row in histories.items():
        versions.setdefault(user_id, {})[version_id] = _recorded(row)
    recorded = {user_id: frozenset(known) for user_id, known in versions.items()}
    current = {user_id: _record(user_of(row)) for user_id, row in currents.items()}
    for user_id, record in current.items():
        versions.setdefault(user_id, {}).setdefault(record.version_id, record)
    return {
        user_id: Kept(
            versions=known,
            recorded=recorded.get(user_id, frozenset()),
            current=current.get(user_id),
        )
        for user_id, known in versions.items()
    }


def _recorded(row: Row) -> Record:
    """Read a history row."""
    user = former_user_of(row)
    return _deletion(row) if user is None else _record(user)


def _record(user: User) -> Record:
    """Turn a user at a version into the record of that version."""
    return Record(
        user_id=user.user_id, created_at=user.created_at, version=user.version, profile=user.profile
    )


def _deletion(row: Row) -> Record:
    """Read the history row of a deletion."""
    return Record(
        user_id=row["user_id"]["S"],
        created_at=row["created_at"]["S"],
        version=Version(
            number=int(row["version"]["N"]),
            at=row["timestamp"]["S"].partition("#")[0],
            region=row["region"]["S"],
            change=Change(row["change"]["S"]),
            supersedes=row["supersedes"]["S"] if "supersedes" in row else None,
        ),
    )
