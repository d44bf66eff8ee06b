"""What the rows of a users table say, read without the application, whose mistakes are looked for.

The names of attributes are written here and nowhere else in this package.
"""

import re
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from msgspec import Struct

Row = Mapping[str, Mapping[str, Any]]
Key = tuple[str, str]

CURRENT = "CURRENT"
DELETED = "deleted"
SHARDS = 8
# What a current row says beside its profile, of which its history row says the first five too.
VERSION = ("created_at", "version", "region", "change", "supersedes")
BOOKKEEPING = frozenset(
    {"user_id", "timestamp", *VERSION, "updated_at", "version_id", "shard", "name_key", "expires_at"}
)
_VERSION_ID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[a-z0-9-]+")


def is_version_id(text: str) -> bool:
    """Tell whether text is the sort key of a version."""
    return _VERSION_ID.fullmatch(text) is not None


class Unreadable(Exception):
    """A row is none that the application writes; the text says which and why, and nothing about a user."""


class Current(Struct, frozen=True, kw_only=True):
    """The row of a user as it is now."""

    user_id: str
    version_id: str
    email: str
    row: Row


class Past(Struct, frozen=True, kw_only=True):
    """A version of a user, which may be its deletion."""

    user_id: str
    version_id: str
    deletes: bool
    supersedes: str | None


class Claim(Struct, frozen=True, kw_only=True):
    """The row by which a user holds an email."""

    email: str
    owner: str


def read(row: Row) -> Current | Past | Claim | None:
    """Return what a row says, or None for a receipt and for a region's state or mark; raises Unreadable.

    A mark is what whoever moves traffic or restores writes, to see that replication has caught up.
    """
    user_id, timestamp = key_of(row)
    kind, mark, email = user_id.partition("#")
    match mark, kind, timestamp:
        case "#", "EMAIL", "CLAIM":
            return Claim(email=email, owner=_text(row, "owner"))
        case ("#", "REQUEST", "REQUEST") | ("#", "REGION", "STATE" | "MARK"):
            return None
        case "", _, "CURRENT":
            version_id, email = _text(row, "version_id"), _text(row, "email")
            return Current(user_id=user_id, version_id=version_id, email=email, row=row)
    if mark or not is_version_id(timestamp):
        raise Unreadable(f"{_named(row)} is no row of ours")
    supersedes = _text(row, "supersedes") if "supersedes" in row else None
    deletes = _text(row, "change") == DELETED
    return Past(user_id=user_id, version_id=timestamp, deletes=deletes, supersedes=supersedes)


def key_of(row: Row) -> Key:
    """Return the primary key of a row; raises Unreadable."""
    return _text(row, "user_id"), _text(row, "timestamp")


def current_key(user_id: str) -> Key:
    """Return the key of a user's current row."""
    return user_id, CURRENT


def claim_key(email: str) -> Key:
    """Return the key of the claim to an email."""
    return f"EMAIL#{email}", "CLAIM"


def key_row(key: Key) -> dict[str, dict[str, str]]:
    """Return a primary key as DynamoDB takes it."""
    user_id, timestamp = key
    return {"user_id": {"S": user_id}, "timestamp": {"S": timestamp}}


def expires(row: Row) -> bool:
    """Tell whether DynamoDB is to remove a row some day, or would if the day were a number."""
    return "expires_at" in row


def is_misplaced(row: Row) -> bool:
    """Tell whether a current row is in another part of the indexes than its user's id has, if in any."""
    user_id, _ = key_of(row)
    shard: Mapping[str, str] = row.get("shard", {})
    return "N" in shard and shard["N"] != str(crc32(user_id.encode()) % SHARDS)


def profile(row: Row) -> Row:
    """Return the profile in a current row: all that it says beside its bookkeeping, of which we know."""
    return {name: value for name, value in row.items() if name not in BOOKKEEPING}


def recorded_profile(row: Row) -> Row:
    """Return the profile in a history row, which a deletion does not have."""
    found: Row = row.get("profile", {}).get("M", {})
    return found


def _text(row: Row, name: str) -> str:
    """Read an attribute that must be text."""
    value = row.get(name, {}).get("S")
    if not isinstance(value, str):
        raise Unreadable(f"{_named(row)} has no text in {name}")
    return value


def _named(row: Row) -> str:
    """Name a row by its key, without the email that a claim has in it."""
    user_id = str(row.get("user_id", {}).get("S", "a row without a user_id")).partition("#")[0]
    return f"{user_id} at {row.get('timestamp', {}).get('S', 'no timestamp')}"
