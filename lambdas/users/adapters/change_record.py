"""A record of the table's stream, as what it says of a user."""

from collections.abc import Mapping, Sequence
from typing import Any

from lambdas.users.domain.event import UserEvent
from lambdas.users.domain.user import Profile
from lambdas.users.domain.version import Change

CURRENT = "CURRENT"


class UnreadableRecord(Exception):
    """A record in a form that no write to this table has; what it held is not repeated."""


def event_of(record: Mapping[str, Any], *, region: str) -> UserEvent | None:
    """Return what a stream record has to tell, or None where another region or another record tells it.

    A created or updated user is told by its current row, a deleted one by the history row that stays of it:
    the current row is then gone, and its last image names the region of the last write, not of the deletion.
    Every region's stream has every row, so each tells what was written in it. Rows that expire tell nothing.
    Raises UnreadableRecord.
    """
    try:
        return _event_of(record["eventName"], record["dynamodb"], region=region)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnreadableRecord from None


def events_of(
    records: Sequence[Mapping[str, Any]], *, region: str
) -> tuple[list[tuple[str, UserEvent]], list[str]]:
    """Return what a batch has to tell, each with the sequence number of its record, in their order.

    It ends before the first record that cannot be read, whose number is then in the second list.
    """
    told: list[tuple[str, UserEvent]] = []
    for record in records:
        number = str(record["dynamodb"]["SequenceNumber"])
        try:
            event = event_of(record, region=region)
        except UnreadableRecord:
            return told, [number]
        if event is not None:
            told.append((number, event))
    return told, []


def _event_of(name: str, images: Mapping[str, Any], *, region: str) -> UserEvent | None:
    """Choose the rows that tell something."""
    new, old = images.get("NewImage") or {}, images.get("OldImage") or {}
    if name == "REMOVE" or new.get("region") != {"S": region}:
        return None
    timestamp = images["Keys"]["timestamp"]["S"]
    if timestamp == CURRENT:
        version_id = new["version_id"]
        changed = tuple(field for field in Profile.__struct_fields__ if new.get(field) != old.get(field))
        return None if version_id == old.get("version_id") else _event(new, version_id["S"], changed)
    if name == "INSERT" and new.get("change") == {"S": Change.DELETED.value}:
        return _event(new, timestamp, ())
    return None


def _event(row: Mapping[str, Any], version_id: str, changed: tuple[str, ...]) -> UserEvent:
    """Read what a current row and a history row both say."""
    return UserEvent(
        user_id=row["user_id"]["S"],
        version=int(row["version"]["N"]),
        version_id=version_id,
        region=row["region"]["S"],
        change=Change(row["change"]["S"]),
        changed=changed,
    )
