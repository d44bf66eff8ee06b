"""Users by what they are, in no order."""

from collections.abc import Mapping
from typing import Any

from lambdas.users.adapters.attribute import Attribute, is_empty
from lambdas.users.adapters.item import user_of
from lambdas.users.adapters.lanes import side_by_side
from lambdas.users.adapters.table import Table
from lambdas.users.domain.page import Bounds, Page
from lambdas.users.domain.user import User

EMAIL_INDEX = "email-index"
AGE = Attribute("age", "N")
SEGMENTS = 4


def with_email(table: Table, email: str) -> Page[User]:
    """Return the users with a normalised email."""
    request = {
        "IndexName": EMAIL_INDEX,
        "KeyConditionExpression": "email = :email",
        "ExpressionAttributeValues": {":email": {"S": email}},
    }
    return _all(table, "Query", request)


def scan_by_age(table: Table, bounds: Bounds) -> Page[User]:
    """Return every user whose age is within the bounds, from all that the email index has: current users."""
    if is_empty(bounds):
        return Page(items=())
    condition, names, values = AGE.within(bounds)
    request: dict[str, Any] = {"IndexName": EMAIL_INDEX, "TotalSegments": SEGMENTS}
    if condition:
        request = {
            **request,
            "FilterExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }

    def scan(segment: int) -> Page[User]:
        return _all(table, "Scan", {**request, "Segment": segment})

    segments = side_by_side(scan, range(SEGMENTS))
    return Page(
        items=[user for segment in segments for user in segment.items],
        scanned=sum(segment.scanned for segment in segments),
    )


def _all(table: Table, operation: str, request: Mapping[str, Any]) -> Page[User]:
    """Read every page, a page at a time."""
    users: list[User] = []
    scanned = 0
    for page in table.read(operation, request):
        users.extend(user_of(row) for row in page["Items"])
        scanned += page["ScannedCount"]
    return Page(items=users, scanned=scanned)
