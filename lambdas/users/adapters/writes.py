"""The rows that each change to a user writes, and what every one of them depends on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lambdas.users.adapters.item import (
    Row,
    claim_key,
    claim_row,
    current_row,
    history_row,
    receipt_of,
    receipt_row,
    tombstone_row,
    user_key,
)
from lambdas.users.adapters.transaction import Condition, Write
from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    RequestRepeated,
    Superseded,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Version

NEW_ID = Condition("attribute_not_exists(user_id)", lambda _row: UserAlreadyExists())
NEW_VERSION = Condition("attribute_not_exists(user_id)", lambda _row: Superseded())


class ClaimedByAnother(Exception):
    """The claim to an email that a user gives up is not the user's: two regions gave it away at once."""


def creation(user: User, *, retention: timedelta) -> Sequence[Write]:
    """Return the three writes that make a user."""
    return (
        Write(current_row(user), NEW_ID),
        Write(history_row(user, retention=retention), NEW_ID),
        _claim(user),
    )


def update(user: User, *, retention: timedelta, email_changes: bool) -> Sequence[Write]:
    """Return the writes that make a version the current one, but for the release of another email."""
    writes = (
        Write(current_row(user), _still_at(user.version.supersedes)),
        Write(history_row(user, retention=retention), NEW_VERSION),
    )
    return (*writes, _claim(user)) if email_changes else writes


def deletion(user: User, tombstone: Version, *, retention: timedelta) -> Sequence[Write]:
    """Return the writes that delete a user, but for the release of its email."""
    return (
        Write(user_key(user.user_id), _still_at(user.version.version_id), delete=True),
        Write(tombstone_row(user, tombstone, retention=retention), NEW_VERSION),
    )


def release(email: str, user_id: str) -> Write:
    """Return the write that gives up an email; its condition fails with ClaimedByAnother."""
    return Write(claim_key(email), _owned_by(user_id, ClaimedByAnother), delete=True)


def first_time(receipt: Receipt) -> Write:
    """Return the write of a receipt that is the first one with its key, or the first since one expired.

    Expired rows may stay for days (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html).
    """
    now = int(datetime.fromisoformat(receipt.at).timestamp())
    condition = Condition(
        "attribute_not_exists(user_id) OR expires_at < :now",
        _repeated,
        values={":now": {"N": str(now)}},
        asks_for_row=True,
    )
    return Write(receipt_row(receipt), condition)


def _claim(user: User) -> Write:
    """Write a claim to an email, which the user may hold already."""
    return Write(claim_row(user), _owned_by(user.user_id, EmailAlreadyInUse))


def _owned_by(user_id: str, refusal: type[Exception]) -> Condition:
    """Depend on a claim that is free or the user's own."""
    return Condition(
        "attribute_not_exists(user_id) OR #owner = :owner",
        lambda _row: refusal(),
        values={":owner": {"S": user_id}},
        names={"#owner": "owner"},  # a reserved word
    )


def _still_at(version_id: str | None) -> Condition:
    """Depend on a user who is at a version."""
    return Condition(
        "version_id = :version_id",
        lambda row: Superseded() if row else UserNotFound(),
        values={":version_id": {"S": version_id or ""}},
        asks_for_row=True,
    )


def _repeated(row: Row | None) -> Exception:
    """Hand on the first receipt."""
    assert row is not None  # noqa: S101  # ALL_OLD was asked for, and a condition on an absent row holds
    return RequestRepeated(receipt_of(row))
