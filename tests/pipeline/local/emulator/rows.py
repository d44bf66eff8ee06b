"""Changes for tests, and a store that keeps them in a dict."""

from __future__ import annotations

from pipeline.local.emulator.change import Change, Item, Key, Stamp

TABLE = "000000000000/users"
DEFINITION: Item = {"definition": {"TableName": "users"}}


class Rows:
    """A store whose only table is shared."""

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}

    def apply(self, change: Change) -> None:
        if change.item is None:
            self.items.pop(change.key, None)
        else:
            self.items[change.key] = change.item

    def is_shared(self, table: str) -> bool:
        return table == TABLE

    def ends_sharing(self, definition: Item) -> bool:
        return "ends" in definition


def row(id: str) -> Key:
    return Key(TABLE, id, "CURRENT")


def change(n: int, *, id: str = "ada", origin: str = "here") -> Change:
    return Change(row(id), {"n": {"N": str(n)}}, Stamp(n, "eu-west-1"), origin)
