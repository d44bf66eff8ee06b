"""The rows of the users table, as DynamoDB items."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.region_state import RegionState
from lambdas.users.domain.text import search_key
from lambdas.users.domain.user import Profile, User
from lambdas.users.domain.version import Change, Version

Item = dict[str, dict[str, Any]]
Row = Mapping[str, Mapping[str, Any]]

SHARDS = 8
PAST_VERSIONS = "A"  # sorts after the timestamp of every version, and before CURRENT


def user_key(user_id: str) -> Item:
    """Return the key of a user's current row: `CURRENT` sorts after every version."""
    return _key(user_id, "CURRENT")


def region_key(region: str) -> Item:
    """Return the key of a region's state row; no user has it, since an id holds no `#`."""
    return _key(f"REGION#{region}", "STATE")


def claim_key(email: str) -> Item:
    """Return the key of the row by which a user holds an email."""
    return _key(f"EMAIL#{email}", "CLAIM")


def receipt_key(key: str) -> Item:
    """Return the key of the receipt of a request."""
    return _key(f"REQUEST#{key}", "REQUEST")


def current_row(user: User) -> Item:
    """Return the row that reads and indexes see; it says all that the history row of its version says."""
    return {
        **user_key(user.user_id),
        **_profile(user.profile),
        **_version(user.version, user.created_at),
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
    row = _version_row(user, user.version, retention=retention)
    return {**row, "profile": {"M": _profile(user.profile)}}


def tombstone_row(user: User, deletion: Version, *, retention: timedelta) -> Item:
    """Return the history row of a deletion: it says when and where, and nothing of the profile."""
    return _version_row(user, deletion, retention=retention)


def claim_row(user: User) -> Item:
    """Return the row by which a user holds an email, so that no other user can."""
    return {**claim_key(user.profile.email), "owner": {"S": user.user_id}}


def receipt_row(receipt: Receipt) -> Item:
    """Return the row of a receipt; what was refused is a map by index."""
    refused = {str(index): {"S": error} for index, error in receipt.refused.items()}
    return {
        **receipt_key(receipt.key),
        "digest": {"S": receipt.digest},
        "at": {"S": receipt.at},
        "region": {"S": receipt.region},
        "refused": {"M": refused},
        "expires_at": {"N": str(receipt.expires_at)},
    }


def user_of(row: Row) -> User:
    """Return the user that a current row describes."""
    return _user(row, row, at=row["updated_at"]["S"])


def former_user_of(row: Row) -> User | None:
    """Return the user at the version that a history row records, or None for a deletion."""
    if "profile" not in row:
        return None
    return _user(row, row["profile"]["M"], at=row["timestamp"]["S"].partition("#")[0])


def receipt_of(row: Row) -> Receipt:
    """Return the receipt that a row describes."""
    return Receipt(
        key=row["user_id"]["S"].partition("#")[2],
        digest=row["digest"]["S"],
        at=row["at"]["S"],
        region=row["region"]["S"],
        refused={int(index): error["S"] for index, error in row["refused"]["M"].items()},
    )


def region_state_of(row: Row) -> RegionState:
    """Return the state that a region's row describes: fenced, unless it says in so many words that it is not.

    Whoever wrote something else meant to stop something. To take that for a fence refuses writes, which is
    seen at once; to take it for none may lose them, and nobody would know.
    """
    active = row.get("state") == {"S": RegionState.ACTIVE.value}
    return RegionState.ACTIVE if active else RegionState.FENCED


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


def _version_row(user: User, version: Version, *, retention: timedelta) -> Item:
    """Write what every history row says."""
    expires_at = datetime.fromisoformat(version.at) + retention
    return {
        **_key(user.user_id, version.version_id),
        **_version(version, user.created_at),
        "expires_at": {"N": str(int(expires_at.timestamp()))},
    }


def _version(version: Version, created_at: str) -> Item:
    """Write what the current row and the history row both say of a version."""
    row: Item = {
        "created_at": {"S": created_at},
        "version": {"N": str(version.number)},
        "region": {"S": version.region},
        "change": {"S": version.change.value},
    }
    if version.supersedes is not None:
        row["supersedes"] = {"S": version.supersedes}
    return row


def _user(row: Row, profile: Row, *, at: str) -> User:
    """Read a user from a row and its profile."""
    return User(
        user_id=row["user_id"]["S"],
        profile=Profile(
            name=profile["name"]["S"],
            email=profile["email"]["S"],
            age=int(profile["age"]["N"]),
            phone=_optional(profile, "phone"),
            address=_optional(profile, "address"),
        ),
        created_at=row["created_at"]["S"],
        version=Version(
            number=int(row["version"]["N"]),
            at=at,
            region=row["region"]["S"],
            change=Change(row["change"]["S"]),
            supersedes=_optional(row, "supersedes"),
        ),
    )


def _optional(row: Row, name: str) -> str | None:
    """Read text that may be absent."""
    value = row.get(name)
    return None if value is None else str(value["S"])
