"""A table as it was at an instant: read from a Region's journal, and kept in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.local.emulator.change import Change, Item, Key, Stamp
from pipeline.local.emulator.journal import UNREADABLE, Journal
from pipeline.local.emulator.whole_file import written

FORMAT = 1


class SnapshotDamagedError(Exception):
    """The file is no snapshot, or not all of one."""


class Snapshot(NamedTuple):
    """A table `account/table` with its definition, as `definition.read` has it, and its rows at `at`, in µs
    since the epoch."""

    table: str
    definition: Item
    rows: Mapping[Key, Item]
    at: int


class _Past:
    """One table as far as its journal was read, changes after an instant passed over."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._stamps: dict[Key, Stamp] = {}
        self.definition: Item | None = None
        self.rows: dict[Key, Item] = {}

    def take(self, change: Change) -> None:
        """Let the change count if it was made by then, and is later than what is known of its row."""
        known = self._stamps.get(change.key)
        if change.stamp.at > self._at or (known is not None and known >= change.stamp):
            return
        if change.key.names_table:
            self._define(change.item)
        elif self.definition is None:  # nor does the Region keep a row of no table
            return
        elif change.item is None:
            self.rows.pop(change.key, None)
        else:
            self.rows[change.key] = change.item
        self._stamps[change.key] = change.stamp

    def _define(self, definition: Item | None) -> None:
        self.definition = definition
        if definition is None:  # a later table of that name begins empty
            self.rows.clear()
            self._stamps.clear()


def taken(journal: Journal, table: str, at: int) -> Snapshot | None:
    """Return `account/table` as of `at` µs since the epoch, or None where there was no such table then.

    All changes that this Region has taken count whose write was stamped no later than that, a peer's too,
    and of one row the latest stamp's. What came too late to be taken is in no snapshot: as on AWS, a Region
    restores what its replica had. The journal is read once from its beginning, so not on the loop.

    Raises:
        OSError: the journal cannot be read.
    """
    past = _Past(at)
    for commit in journal.commits(about=table):
        for change in commit.changes:
            if change.key.table == table:
                past.take(change)
    return None if past.definition is None else Snapshot(table, past.definition, past.rows, at)


def write(snapshot: Snapshot, file: Path) -> None:
    """Put the snapshot into a file, on disk whole when this returns, or not at all: JSON, a row a line.

    Raises:
        OSError: the file cannot be written.
    """
    with written(file) as lines:
        lines.write(_line(_header(snapshot)))
        lines.writelines(_line([key.partition, key.sort, item]) for key, item in snapshot.rows.items())


def read(file: Path) -> Snapshot:
    """Return the snapshot that `write` put there.

    Raises:
        SnapshotDamagedError: the file is something else, or cut off, or a line of it is damaged.
        OSError: the file cannot be read.
    """
    rows: dict[Key, Item] = {}
    try:
        with file.open(encoding="utf-8") as lines:
            header = json.loads(next(lines))
            table, definition, at, count = (header[name] for name in ("table", "definition", "at", "rows"))
            if header["snapshot"] != FORMAT:
                raise ValueError(f"it is of format {header['snapshot']}")
            for line in lines:
                partition, sort, item = json.loads(line)
                rows[Key(table, partition, sort)] = item
    except (*UNREADABLE, StopIteration) as error:
        raise SnapshotDamagedError(f"{file} is no snapshot: {error}") from error
    if len(rows) != count:
        raise SnapshotDamagedError(f"{file} has {len(rows)} of {count} rows")
    return Snapshot(table, definition, rows, at)


def _header(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": FORMAT,
        "table": snapshot.table,
        "definition": snapshot.definition,
        "rows": len(snapshot.rows),
        "at": snapshot.at,
    }


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"
