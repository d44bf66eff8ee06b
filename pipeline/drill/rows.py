"""The rows of the users table, as a drill reads them from DynamoDB's JSON.

The drill has a reader of its own on purpose: one that it shared with the application would repeat the
application's mistakes, and could not find them. The names of attributes are written here and nowhere else in
the drill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.drill.profile import FIELDS, Profile

Row = Mapping[str, Mapping[str, Any]]

CURRENT, CLAIM = "CURRENT", "CLAIM"  # the sort values of a current row, and of a claim
CLAIMED = "EMAIL#"  # what comes before the email that a claim is for
CREATED, DELETED = "created", "deleted"
OTHER_ROWS = ("REQUEST#", "REGION#")  # receipts and region states: compared between Regions, not judged


class UnknownRowError(ValueError):
    """A row is none of the kinds that the table holds, or lacks an attribute of its kind."""


class Key(NamedTuple):
    """A row's partition and sort value."""

    user_id: str
    sort: str

    def __str__(self) -> str:
        return f"{self.user_id}/{self.sort}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a user, of a current row or of a history row; a deletion has no profile.

    `version_id` is the version's time and Region, `number` counts from 1 in a life of the user, `supersedes`
    is the version_id before it, and `created_at` the time of the first version of that life.
    """

    user_id: str
    version_id: str
    number: int
    region: str
    change: str
    supersedes: str | None
    created_at: str
    profile: Profile | None

    @property
    def at(self) -> str:
        """The version's time, in text that sorts as time does."""
        return self.version_id.partition("#")[0]


@dataclass(frozen=True, kw_only=True)
class Table:
    """All rows of one Region's replica at one moment.

    `rows` has them as they are; `current` the current version by user, `history` each user's recorded
    versions by time, `claims` the owner of each email.
    """

    region: str
    rows: Mapping[Key, Row] = field(default_factory=dict)
    current: Mapping[str, Version] = field(default_factory=dict)
    history: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)


def table(region: str, rows: Iterable[Row]) -> Table:
    """Return the table that has these rows, each in DynamoDB's attribute values: `{"user_id": {"S": …}, …}`.

    Raises UnknownRowError, which names the row, for one that does not belong in it.
    """
    kept: dict[Key, Row] = {}
    current: dict[str, Version] = {}
    history: dict[str, list[Version]] = {}
    claims: dict[str, str] = {}
    for row in rows:
        key = _key(row)
        kept[key] = row
        try:
            if key.sort == CURRENT:
                current[key.user_id] = _current(key, row)
            elif key.sort == CLAIM:
                claims[key.user_id.removeprefix(CLAIMED)] = row["owner"]["S"]
            elif not key.user_id.startswith(OTHER_ROWS):
                history.setdefault(key.user_id, []).append(_recorded(key, row))
        except (LookupError, TypeError, ValueError) as error:
            raise UnknownRowError(f"{key} in {region} is not a row of the users table: {error!r}") from error
    for versions in history.values():
        versions.sort(key=lambda version: version.version_id)
    return Table(region=region, rows=kept, current=current, history=history, claims=claims)


def union(*tables: Table) -> Mapping[str, Sequence[Version]]:
    """Return every version that any of the tables has, by user and in order of time.

    A current row counts as a version too where its history row is missing.
    """
    found: dict[str, dict[str, Version]] = {}
    for each in tables:
        for user_id, versions in each.history.items():
            found.setdefault(user_id, {}).update((version.version_id, version) for version in versions)
    for each in tables:
        for user_id, version in each.current.items():
            found.setdefault(user_id, {}).setdefault(version.version_id, version)
    return {user_id: [known[version_id] for version_id in sorted(known)] for user_id, known in found.items()}


def _key(row: Row) -> Key:
    """Read a row's key."""
    try:
        return Key(row["user_id"]["S"], row["timestamp"]["S"])
    except (LookupError, TypeError) as error:
        raise UnknownRowError(f"a row without a key: {row!r:.80}") from error


def _current(key: Key, row: Row) -> Version:
    """Read a current row."""
    return _version(key.user_id, row["version_id"]["S"], row, row)


def _recorded(key: Key, row: Row) -> Version:
    """Read a history row: its sort value is a time and a Region, and only a deletion has no profile."""
    at, mark, region = key.sort.partition("#")
    if not (at.endswith("Z") and mark and region):
        raise ValueError(f"{key.sort!r} is not a version_id")
    profile = row["profile"]["M"] if row["change"]["S"] != DELETED else None
    return _version(key.user_id, key.sort, row, profile)


def _version(user_id: str, version_id: str, row: Row, profile: Row | None) -> Version:
    """Read what current rows and history rows both say."""
    return Version(
        user_id=user_id,
        version_id=version_id,
        number=int(row["version"]["N"]),
        region=row["region"]["S"],
        change=row["change"]["S"],
        supersedes=row["supersedes"]["S"] if "supersedes" in row else None,
        created_at=row["created_at"]["S"],
        profile=None if profile is None else _profile(profile),
    )


def _profile(row: Row) -> Profile:
    """Read the fields that are there."""
    return {name: int(row[name]["N"]) if name == "age" else row[name]["S"] for name in FIELDS if name in row}
