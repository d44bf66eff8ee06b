"""Records of the table's stream, made as DynamoDB makes them: from a row before and after."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from lambdas.users.adapters.item import Item, current_row, history_row, tombstone_row
from lambdas.users.domain.user import User, deletion, first_version, next_version
from lambdas.users.domain.validation import changed_profile, new_user
from tests.lambdas.conftest import NOON, REGION

Record = dict[str, Any]

PROFILE = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "age": 36,
    "phone": "+44 20 7946 0999",
    "address": "12 St James's Square",
}
RETENTION = timedelta(days=30)
_numbers = count(100)


def record(before: Item | None, after: Item | None, **more: object) -> Record:
    """What the stream has of a row that became another; None where there was or is no row."""
    row = after or before
    assert row is not None
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventID": "1",
        "eventName": "REMOVE" if after is None else "MODIFY" if before else "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {key: row[key] for key in ("user_id", "timestamp")},
            **{name: image for name, image in images.items() if image is not None},
            "SequenceNumber": str(next(_numbers)),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        **more,
    }


def new(user_id: str = "ada", *, region: str = REGION) -> User:
    """A user with every field, at its first version."""
    return first_version(new_user(PROFILE), user_id=user_id, at=NOON, region=region)


def later(user: User, fields: Mapping[str, object], *, region: str = REGION) -> User:
    """The same user with other fields, at its next version."""
    return next_version(user, changed_profile(user.profile, fields), at=NOON, region=region)


def region_row(region: str, state: str) -> Item:
    """The row by which an operator fences a region, or lets it take writes again."""
    return {
        "user_id": {"S": f"REGION#{region}"},
        "timestamp": {"S": "STATE"},
        "state": {"S": state},
        "changed_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "reason": {"S": "planned switchover"},
    }


def creation(user: User) -> list[Record]:
    """What the stream has of a user who is new."""
    rows: list[Item] = [current_row(user), history_row(user, retention=RETENTION)]
    return [record(None, row) for row in rows]


def update(before: User, after: User) -> list[Record]:
    """What the stream has of a user who changed."""
    return [
        record(current_row(before), current_row(after)),
        record(None, history_row(after, retention=RETENTION)),
    ]


def removal(user: User, *, region: str = REGION) -> list[Record]:
    """What the stream has of a user who was deleted: the current row and history go, a tombstone comes."""
    last = deletion(user, at=NOON, region=region)
    tombstone = tombstone_row(user, last, retention=RETENTION)
    return [
        record(current_row(user), None),
        record(None, tombstone),
        record(history_row(user, retention=RETENTION), None),
    ]


def batch(*records: Record) -> Mapping[str, Any]:
    """An event as Lambda makes it of records."""
    return {"Records": list(records)}
