"""One change to one item of one table, and which of two changes is the later one."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

Item = dict[str, Any]


class Stamp(NamedTuple):
    """When and where a change was first written: µs since the epoch, then Region; the larger stamp wins."""

    at: int
    region: str


class Key(NamedTuple):
    """Which row: `account/table`, partition and sort value; both empty name the table's own definition."""

    table: str
    partition: str = ""
    sort: str = ""

    @property
    def names_table(self) -> bool:
        """Tell whether this is the table's own definition and not one of its rows."""
        return not self.partition


class Change(NamedTuple):
    """What a row became: `item` in DynamoDB's attribute values, or None where it was removed.

    `origin` is the id of the journal that took the write first, so that it is never sent back there.
    """

    key: Key
    item: Item | None
    stamp: Stamp
    origin: str


def now() -> int:
    """Return the time as stamps have it: µs since the epoch."""
    return time.time_ns() // 1_000


def encode(change: Change) -> list[Any]:
    """Return the change as JSON values, the form that journals keep and peers exchange."""
    return [list(change.key), change.item, list(change.stamp), change.origin]


def decode(values: object) -> Change:
    """Return the change of which `encode` made these values.

    Raises:
        ValueError: the values are not those of a change.
    """
    match values:
        case [
            [str(table), str(partition), str(sort)],
            dict() | None as item,
            [int(at), str(region)],
            str(origin),
        ]:
            return Change(Key(table, partition, sort), item, Stamp(at, region), origin)
    raise ValueError(f"not a change: {values!r:.80}")
