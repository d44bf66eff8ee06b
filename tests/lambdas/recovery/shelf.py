"""A table on a shelf, with rows as the application writes them, which a test changes."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import timedelta
from typing import Any

from lambdas.recovery.domain.inspection import Expectation, Inspection, inspect
from lambdas.recovery.domain.reading import Key, Row, key_of
from lambdas.recovery.domain.schema import schema_of
from lambdas.users.adapters.item import claim_row, current_row, history_row, tombstone_row
from lambdas.users.domain.user import Profile, User, deletion, first_version, next_version
from lambdas.users.domain.validation import new_user
from tests.lambdas.conftest import NOON, REGION

RETENTION = timedelta(days=30)
KEYS = [["user_id", "HASH", "S"], ["timestamp", "RANGE", "S"]]
INDEXES = {
    "email-index": [["email", "HASH", "S"]],
    "age-index": [["shard", "HASH", "N"], ["age", "RANGE", "N"]],
    "created-index": [["shard", "HASH", "N"], ["created_at", "RANGE", "S"]],
    "name-index": [["shard", "HASH", "N"], ["name_key", "RANGE", "S"]],
}
SCHEMA = json.dumps({"keys": KEYS, "indexes": INDEXES})


def described(
    keys: Sequence[Sequence[str]], indexes: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, Any]:
    """Describe a table as DescribeTable does, which is nearly what CreateTable takes."""
    parts = [*keys, *(part for parts in indexes.values() for part in parts)]
    return {
        "KeySchema": _key(keys),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in sorted({(name, kind) for name, _, kind in parts})
        ],
        "GlobalSecondaryIndexes": [
            {"IndexName": name, "KeySchema": _key(parts), "Projection": {"ProjectionType": "ALL"}}
            for name, parts in indexes.items()
        ],
    }


def _key(parts: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": role} for name, role, _ in parts]


class Shelf:
    """A ReadsTable in memory; `meanwhile` is called when its rows have gone by, as a client that writes."""

    name = "users-restored"

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.told: dict[str, Any] = described(KEYS, INDEXES)
        self.meanwhile: Callable[[], object] = lambda: None
        self._rows: dict[Key, dict[str, Any]] = {}
        self.put(rows)

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[key_of(row)] = deepcopy(dict(row))

    def drop(self, user_id: str, timestamp: str = "CURRENT") -> None:
        del self._rows[user_id, timestamp]

    def change(self, user_id: str, timestamp: str = "CURRENT", /, **attributes: Any) -> None:  # noqa: ANN401
        """Change attributes of a row, or remove those that are None."""
        row = {**self._rows[user_id, timestamp], **attributes}
        self._rows[user_id, timestamp] = {name: value for name, value in row.items() if value is not None}

    def all(self) -> Sequence[Row]:
        return list(self._rows.values())

    def description(self) -> Mapping[str, Any]:
        return self.told

    def scan(self, take: Callable[[Iterable[Row]], None], *, more: Callable[[], bool]) -> bool:
        rows, size = self.all(), 7
        for start in range(0, len(rows), size):
            take(rows[start : start + size])
            if not more():
                return start + size >= len(rows)
        self.meanwhile()
        return True

    def rows(self, keys: Sequence[Key]) -> Mapping[Key, Row]:
        return {key: self._rows[key] for key in keys if key in self._rows}

    def partition(self, user_id: str) -> Sequence[Row]:
        return [row for (owner, _), row in self._rows.items() if owner == user_id]


def user(name: str, *, email: str | None = None, days_ago: float = 1) -> User:
    """Make a user who has no second version yet."""
    new = new_user({"name": name, "email": email or f"{name}@example.com", "age": 36})
    return first_version(new, user_id=name, at=NOON - timedelta(days=days_ago), region=REGION)


def changed(former: User, *, email: str | None = None, hours: float = 1) -> User:
    """Make the next version of a user."""
    old = former.profile
    profile = Profile(name=f"{old.name} King", email=email or old.email, age=old.age + 1, phone="+44 1")
    return next_version(former, profile, at=NOON - timedelta(hours=hours), region=REGION)


def written(*versions: User) -> Sequence[Row]:
    """Return all rows of a user who went through these versions."""
    now = versions[-1]
    return [current_row(now), claim_row(now), *(history_row(one, retention=RETENTION) for one in versions)]


def removed(versions: Sequence[User], *, leftovers: bool = False) -> Sequence[Row]:
    """Return what is left of a user who was deleted: some of the versions, if that was interrupted."""
    last = versions[-1]
    tombstone = deletion(last, at=NOON - timedelta(minutes=5), region=REGION)
    kept = [history_row(one, retention=RETENTION) for one in versions] if leftovers else []
    return [tombstone_row(last, tombstone, retention=RETENTION), *kept]


def lived() -> Shelf:
    """A table that the application wrote: thirty users, of whom some changed, moved, and were deleted."""
    shelf = Shelf()
    for number in range(30):
        first = user(f"user-{number}")
        second = changed(first, hours=20)
        third = changed(second, email=f"moved-{number}@example.com", hours=3)
        shelf.put(written(first) if number % 3 else written(first, second, third))
    shelf.put(removed([user("gone")]))
    shelf.put(removed([user("half-gone")], leftovers=True))
    shelf.put(
        [
            {"user_id": {"S": f"REGION#{REGION}"}, "timestamp": {"S": "STATE"}, "state": {"S": "active"}},
            {"user_id": {"S": f"REGION#{REGION}"}, "timestamp": {"S": "MARK"}, "changed_at": {"S": "now"}},
            {"user_id": {"S": "REQUEST#key"}, "timestamp": {"S": "REQUEST"}, "refused": {"M": {}}},
        ]
    )
    return shelf


def inspected(shelf: Shelf, *, pages: float = float("inf"), **expected: Any) -> Inspection:  # noqa: ANN401
    """Inspect a table, of which there is time for so many pages."""
    wanted = {"least_users": 1, "sample": 1000, "retention": RETENTION, **expected}
    left = [pages]

    def more() -> bool:
        left[0] -= 1
        return left[0] > 0

    return inspect(shelf, Expectation(schema=schema_of(SCHEMA), **wanted), now=NOON, more=more)


def found(inspection: Inspection) -> list[str]:
    """Return findings as lines."""
    return [f"{finding.check}: {finding.detail}" for finding in inspection.findings]
