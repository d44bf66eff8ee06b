"""The versions of one user."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from lambdas.users.adapters.attribute import Attribute
from lambdas.users.adapters.item import PAST_VERSIONS, Item, former_user_of
from lambdas.users.adapters.table import Table
from lambdas.users.domain.page import Bounds, Page, Position
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Change

TIMESTAMP = Attribute("timestamp", "S")


def versions(table: Table, current: User, *, limit: int, before: str | None) -> Page[User]:
    """Return up to `limit` versions of a user, newest first, from just before a version_id.

    Versions before the user was created belong to somebody who had the id earlier, and was deleted. A
    deletion has no profile to show, and is left out: it is of another life, or lost to a write elsewhere.
    """
    scanned: list[int] = []
    kept = _kept(table, current, size=limit + 2, before=before, scanned=scanned)
    found = list(islice(_with_current(current, kept, before), limit + 1))
    page = found[:limit]
    after = Position(page[-1].version.version_id, current.user_id) if len(found) > limit else None
    return Page(items=page, after=after, scanned=sum(scanned))


def keys(table: Table, user_id: str) -> Sequence[Item]:
    """Return the keys of a user's versions, but not of deletions: these stay until they expire."""
    request = _query(user_id, Bounds(most=PAST_VERSIONS))
    request["ExpressionAttributeNames"].update({"#user_id": "user_id", "#change": "change"})
    request["ExpressionAttributeValues"][":deleted"] = {"S": Change.DELETED.value}
    request["FilterExpression"] = "#change <> :deleted"
    request["ProjectionExpression"] = "#user_id, #bound"
    return [key for page in table.read("Query", request) for key in page["Items"]]


def _kept(
    table: Table, current: User, *, size: int, before: str | None, scanned: list[int]
) -> Iterator[User]:
    """Read history rows, newest first, as far as somebody looks at them."""
    most = PAST_VERSIONS if before is None else min(before, PAST_VERSIONS)
    if most < current.created_at:
        return
    request = _query(current.user_id, Bounds(least=current.created_at, most=most))
    for page in table.read("Query", {**request, "ScanIndexForward": False, "Limit": size}):
        scanned.append(page["ScannedCount"])
        for row in page["Items"]:
            user = former_user_of(row)
            if user is not None and user.version.version_id != before:
                yield user


def _with_current(current: User, kept: Iterator[User], before: str | None) -> Iterator[User]:
    """Put the current version in its place where its own history row has expired."""
    missing = before is None or current.version.version_id < before
    for user in kept:
        if missing and user.version.version_id <= current.version.version_id:
            missing = False
            if user.version.version_id != current.version.version_id:
                yield current
        yield user
    if missing:
        yield current


def _query(user_id: str, bounds: Bounds) -> dict[str, Any]:
    """Ask for the rows of a user with timestamps within bounds, the latest write of this region included."""
    condition, names, values = TIMESTAMP.within(bounds)
    return {
        "KeyConditionExpression": f"user_id = :user_id AND {condition}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":user_id": {"S": user_id}, **values},
        "ConsistentRead": True,
    }
