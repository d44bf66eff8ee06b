"""Two replicas of a table, as a global table has them: last writer wins, item by item, some time later."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from pipeline.drill.rows import Key, Table, table

Item = dict[str, dict[str, Any]]


class Stamped(NamedTuple):
    """What a row became, None where it was removed, and when and where; the larger stamp wins."""

    at: float
    region: str
    item: Item | None


class Replica:
    """One Region's rows; `outbox` has the transactions that the other one has not received."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.rows: dict[Key, Stamped] = {}
        self.outbox: deque[tuple[float, list[tuple[Key, Stamped]]]] = deque()

    def get(self, key: Key) -> Item | None:
        stamped = self.rows.get(key)
        return None if stamped is None else stamped.item

    def keys(self, user_id: str) -> list[Key]:
        return [key for key, row in self.rows.items() if key.user_id == user_id and row.item is not None]

    def commit(self, at: float, writes: Mapping[Key, Item | None]) -> None:
        made = []
        for key, item in writes.items():
            known = self.rows.get(key)
            stamped = Stamped(max(at, known.at + 1e-6) if known else at, self.region, item)
            self.rows[key] = stamped
            made.append((key, stamped))
        self.outbox.append((at, made))

    def receive(self, key: Key, stamped: Stamped) -> None:
        known = self.rows.get(key)
        if known is None or known[:2] < stamped[:2]:
            self.rows[key] = stamped

    def send(self, other: Replica, *, until: float) -> None:
        """Send every transaction that was committed up to a time."""
        while self.outbox and self.outbox[0][0] <= until:
            for key, stamped in self.outbox.popleft()[1]:
                other.receive(key, stamped)

    def tear(self, other: Replica, random: Random) -> None:
        """Send a part of the next transaction, as when this Region is lost while it sends."""
        if self.outbox:
            _, made = self.outbox[0]
            for key, stamped in random.sample(made, random.randrange(len(made))):
                other.receive(key, stamped)

    def lose(self) -> None:
        self.rows.clear()
        self.outbox.clear()

    def rebuild(self, other: Replica) -> None:
        self.rows.update(other.rows)

    def table(self) -> Table:
        return table(self.region, [row.item for row in self.rows.values() if row.item is not None])
