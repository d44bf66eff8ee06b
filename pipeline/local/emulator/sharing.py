"""Which changes of one Region's journal another Region is sent: those of the tables that both have."""

from __future__ import annotations

from typing import Protocol

from pipeline.local.emulator.change import Change, Item


class SharedTables(Protocol):
    """What is known of the tables themselves."""

    def is_shared(self, table: str) -> bool:
        """Tell whether the table has a replica elsewhere, so that its changes travel."""

    def ends_sharing(self, definition: Item) -> bool:
        """Tell whether a table's definition says that a Region's replica of it is gone: it travels too."""


class Sharing:
    """Where in a Region's journal its tables began to be shared, and where they were deleted."""

    def __init__(self, tables: SharedTables) -> None:
        self._tables = tables
        self._shared: set[str] = set()
        self._from: dict[str, int] = {}
        self._ended: dict[str, int] = {}

    def note(self, change: Change, sequence: int) -> None:
        """Take note of a change, once it is in force, that the journal has at a sequence number."""
        if not change.key.names_table:
            return
        table = change.key.table
        if change.item is None:
            self._ended[table] = sequence
        if not self._tables.is_shared(table):
            self._shared.discard(table)
        elif table not in self._shared:
            self._shared.add(table)
            self._from[table] = sequence

    def begins(self, change: Change) -> bool:
        """Tell whether a change that is not in force yet begins to share a table here."""
        if not change.key.names_table or change.item is None or change.key.table in self._shared:
            return False
        return not self._tables.ends_sharing(change.item)

    def travels(self, change: Change, sequence: int, reader: str) -> bool:
        """Tell whether the peer whose journal has the id `reader` is sent a change of this journal.

        What it wrote first itself is not sent back, unless that was before it got its replica anew. Rows of a
        former table of the same name are never sent, nor is a table's deletion: its other replicas stay. A
        definition of before it was shared is not sent either: it says that the table is whole without rows.
        """
        table = change.key.table
        if change.key.names_table and change.item is not None and self._tables.ends_sharing(change.item):
            return change.origin != reader
        if not self._tables.is_shared(table) or sequence < self._ended.get(table, 0):
            return False
        if change.key.names_table:
            since = self._from.get(table, 0)
            return change.item is not None and change.origin != reader and sequence >= since
        return change.origin != reader or sequence < self._from.get(table, 0)
