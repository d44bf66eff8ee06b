"""The rows of the users table, as DynamoDB items."""

from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from lambdas.users.domain.text import search_key
from lambdas.users.domain.user import Profile, User
from lambdas.users.domain.version import Change, Version

Item = dict[str, dict[str, Any]]

SHARDS = 8


def user_key(user_id: str) -> Item:
    """Return the key of a user's current row: `CURRENT` sorts after every version."""
    return _key(user_id, "CURRENT")


def region_key(region: str) -> Item:
    """Return the key of a region's state row; no user has it, since an id holds no `#`."""
    return _key(f"REGION#{region}", "STATE")


def current_row(user: User) -> Item:
    """Return the row that reads and indexes see; it says all that the history row of its version says."""
    return {
        **user_key(user.user_id),
        **_profile(user.profile),
        **_version(user),
        "updated_at": {"S": user.version.at},
        "version_id": {"S": user.version.version_id},
        "shard": {"N": str(crc32(user.user_id.encode()) % SHARDS)},
        "name_key": {"S": search_key(user.profile.name)},
    }


def history_row(user: User, *, retention: timedelta) -> Item:
    """Return the row that records a version, with the profile in a map, where no index looks.

    It expires a fixed time after it was written, whether or not its version is still the current one. To set
    `expires_at` when the version is superseded would let two regions write one history row, and the last
    writer might then drop a version. Nothing is lost when the row of a current version goes: its current row
    says the same, and does not expire.
    """
    expires_at = datetime.fromisoformat(user.version.at) + retention
    return {
        **_key(user.user_id, user.version.version_id),
        **_version(user),
        "profile": {"M": _profile(user.profile)},
        "expires_at": {"N": str(int(expires_at.timestamp()))},
    }


def claim_row(user: User) -> Item:
    """Return the row by which a user holds an email, so that no other user can."""
    return {**_key(f"EMAIL#{user.profile.email}", "CLAIM"), "owner": {"S": user.user_id}}


def user_of(row: Item) -> User:
    """Return the user that a current row describes."""
    version = Version(
        number=int(row["version"]["N"]),
        at=row["updated_at"]["S"],
        region=row["region"]["S"],
        change=Change(row["change"]["S"]),
        supersedes=_optional(row, "supersedes"),
    )
    profile = Profile(
        name=row["name"]["S"],
        email=row["email"]["S"],
        age=int(row["age"]["N"]),
        phone=_optional(row, "phone"),
        address=_optional(row, "address"),
    )
    return User(
        user_id=row["user_id"]["S"], profile=profile, created_at=row["created_at"]["S"], version=version
    )


def _key(user_id: str, timestamp: str) -> Item:
    """Write the primary key."""
    return {"user_id": {"S": user_id}, "timestamp": {"S": timestamp}}


def _profile(profile: Profile) -> Item:
    """Write a profile, leaving out what it does not have."""
    row: Item = {
        "name": {"S": profile.name},
        "email": {"S": profile.email},
        "age": {"N": str(profile.age)},
    }
    if profile.phone is not None:
        row["phone"] = {"S": profile.phone}
    if profile.address is not None:
        row["address"] = {"S": profile.address}
    return row


def _version(user: User) -> Item:
    """Write what the current row and the history row both say of a version."""
    row: Item = {
        "created_at": {"S": user.created_at},
        "version": {"N": str(user.version.number)},
        "region": {"S": user.version.region},
        "change": {"S": user.version.change.value},
    }
    if user.version.supersedes is not None:
        row["supersedes"] = {"S": user.version.supersedes}
    return row


def _optional(row: Item, name: str) -> str | None:
    """Read text that may be absent."""
    value = row.get(name)
    return None if value is None else str(value["S"])
