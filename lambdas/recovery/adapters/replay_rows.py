"""Two tables, read for a replay."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs

from lambdas.recovery.domain.plan import Conflict, Why
from lambdas.recovery.domain.reading import is_version_id
from lambdas.recovery.domain.record import Kept, Record
from lambdas.users.adapters.item import Row, former_user_of, receipt_of, user_of
from lambdas.users.adapters.lanes import LANES, side_by_side
from lambdas.users.adapters.table import Table
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Change, Version

CURRENT, CLAIM, RECEIPT = "CURRENT", "EMAIL#", "REQUEST#"
KINDS = {CLAIM: "CLAIM", RECEIPT: "REQUEST"}  # with the sort key that each has
MALFORMED = (LookupError, TypeError, ValueError)

Key = tuple[str, str]


class Contents(Struct, frozen=True, kw_only=True):
    """All that one table holds but for the states of Regions, each of which is about that table alone.

    `users` are by id, `claims` the owner of each email, `rows` the history rows by user and version_id, and
    `receipts` the receipts by their partition. A row that says none of that is in `unreadable` instead, and
    the others are as if it were not there.
    """

    users: Mapping[str, Kept]
    claims: Mapping[str, str]
    rows: Mapping[Key, Row]
    receipts: Mapping[str, Row]
    unreadable: Sequence[Conflict]


def contents(table: Table) -> Contents:
    """Read a table in whole, by consistent parallel scans; raises RepositoryUnavailable or DynamoError."""

    def scan(segment: int) -> Sequence[Row]:
        request = {"ConsistentRead": True, "Segment": segment, "TotalSegments": LANES}
        return [row for page in table.read("Scan", request) for row in page["Items"]]

    return contents_of(row for part in side_by_side(scan, range(LANES)) for row in part)


def contents_of(rows: Iterable[Row]) -> Contents:
    """Sort the rows of a table by what they are."""
    users, claims, receipts = _Users(), dict[str, str](), dict[str, Row]()
    unreadable = []
    for row in rows:
        user_id, sort = row["user_id"]["S"], row["timestamp"]["S"]
        try:
            if "#" not in user_id:
                users.take((user_id, sort), row)
            elif user_id.startswith(CLAIM):
                claims[_name(CLAIM, user_id, sort)] = row["owner"]["S"]
            elif user_id.startswith(RECEIPT):
                _name(RECEIPT, user_id, sort)
                receipts[user_id] = _receipt(row)
        except MALFORMED:
            unreadable.append((user_id, sort))
    unreadable += users.finish()
    return Contents(
        users=users.kept(),
        claims=claims,
        rows=users.rows,
        receipts=receipts,
        unreadable=[_conflict(*key) for key in sorted(unreadable)],
    )


class _Users:
    """The rows of users, put together by the user.

    Where a current row and the history row of its version differ, the history counts: the application never
    changes either alone, so a script changed the one that indexes and reads see. So of a current row that
    cannot be read in whole, its version_id is enough.
    """

    def __init__(self) -> None:
        self.rows: dict[Key, Row] = {}
        self._versions: dict[str, dict[str, Record]] = {}
        self._recorded: dict[str, frozenset[str]] = {}
        self._currents: dict[str, Row] = {}
        self._current: dict[str, Record] = {}

    def take(self, key: Key, row: Row) -> None:
        """Take a row in any order; raises one of MALFORMED."""
        user_id, sort = key
        if sort == CURRENT:
            self._currents[user_id] = row
            return
        self._versions.setdefault(user_id, {})[sort] = _recorded(row)
        self.rows[key] = row

    def finish(self) -> Sequence[Key]:
        """Put current rows to the versions, and return the keys of those that cannot be."""
        self._recorded = {user_id: frozenset(known) for user_id, known in self._versions.items()}
        unreadable = []
        for user_id, row in self._currents.items():
            known = self._versions.setdefault(user_id, {})
            try:
                record = _current(row, known)
            except MALFORMED:
                unreadable.append((user_id, CURRENT))
                continue
            known.setdefault(record.version_id, record)
            self._current[user_id] = record
        return unreadable

    def kept(self) -> Mapping[str, Kept]:
        """Return what is known of each user."""
        return {
            user_id: Kept(
                versions=known,
                recorded=self._recorded.get(user_id, frozenset()),
                current=self._current.get(user_id),
            )
            for user_id, known in self._versions.items()
            if known
        }


def _name(kind: str, user_id: str, sort: str) -> str:
    """Return what a claim or a receipt is about; raises ValueError for a row that is none."""
    if sort != KINDS[kind]:
        raise ValueError(sort)
    return user_id.removeprefix(kind)


def _receipt(row: Row) -> Row:
    """Return a receipt that says when it was given; raises one of MALFORMED."""
    receipt_of(row)
    return row


def _conflict(user_id: str, sort: str) -> Conflict:
    """Name an unreadable row, without the email that a claim has in its key, or what else a key may say."""
    version_id = sort if is_version_id(sort) else ""
    return Conflict(user_id=user_id.partition("#")[0], version_id=version_id, why=Why.UNREADABLE)


def _current(row: Row, versions: Mapping[str, Record]) -> Record:
    """Read a current row, as a version without a profile where it says no more than the version's id.

    Raises one of MALFORMED where it does not say that, or where no history row has the rest.
    """
    version_id = row["version_id"]["S"]
    try:
        record = _record(user_of(row))
    except MALFORMED:
        record = None
    if record is not None and record.version_id == version_id and is_version_id(version_id):
        return record
    return structs.replace(versions[version_id], profile=None)


def _recorded(row: Row) -> Record:
    """Read a history row; raises one of MALFORMED."""
    user = former_user_of(row)
    record = _deletion(row) if user is None else _record(user)
    sort = row["timestamp"]["S"]
    is_deletion = record.version.change is Change.DELETED
    if record.version_id != sort or not is_version_id(sort) or record.deletes is not is_deletion:
        raise ValueError(sort)
    return record


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
