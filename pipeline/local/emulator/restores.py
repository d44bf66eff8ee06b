"""Tables that are filled from a snapshot, in the background, over a kill of the process too."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from contextvars import Context
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from ministack.core.responses import request_scope
from ministack.services import dynamodb

from pipeline.local.emulator import restored_table, snapshot
from pipeline.local.emulator.change import Item, Key
from pipeline.local.emulator.definition import Table
from pipeline.local.emulator.dispatch import CREATING, RefusedError
from pipeline.local.emulator.snapshot import Snapshot, SnapshotDamagedError
from pipeline.local.emulator.tables import Tables, current_account

logger = logging.getLogger("restores")

CHUNK = 100  # rows a commit: some ms in which the loop serves nothing else
SOURCE = "_restored_from"  # in a table that is being filled: the name of its snapshot's file


class Restores:
    """Makes a table of a snapshot: CREATING until its last row is in, then ACTIVE; all of it is journaled.

    The snapshot is in a file before the table is there, so a process that was killed half-way goes on with
    it when it is started again. Each row is a new write, with the stamp of now.

    Args:
        tables: this Region's tables.
        folder: where the snapshots of unfinished restores are kept.
    """

    def __init__(self, tables: Tables, folder: Path) -> None:
        self._tables = tables
        self._folder = folder
        self._fills: dict[str, asyncio.Task[None]] = {}

    def attach(self) -> None:
        """Let DescribeTable tell of a restore too."""
        dynamodb._table_description = _with_restore(dynamodb._table_description)

    async def begin(self, source: Snapshot, target: str, request: Item) -> Item:
        """Make a table of the name `target`, begin to fill it, and return its TableDescription.

        It has the snapshot's keys, indexes, capacity and encryption, but for what the request overrides
        (`…Override`, `BackupArn` for its RestoreSummary); no replica, stream, TTL, PITR, tag or protection
        (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).
        To be called on the loop, in the scope of the request.

        Raises:
            RefusedError: TableAlreadyExistsException, TableInUseException or ValidationException.
            OSError: the snapshot cannot be kept.
        """
        restored_table.refuse_taken(target)
        file = self._folder / f"{uuid4().hex}.jsonl"
        await asyncio.to_thread(snapshot.write, source, file)
        try:
            with self._tables.defining:
                table = restored_table.create(source, target, request)
                table[SOURCE] = file.name
                self._tables.record_definitions()
        except RefusedError:
            file.unlink()
            raise
        self._start(f"{current_account()}/{target}", file, source)
        return dict(dynamodb._table_description(target))

    async def filled(self, table: str) -> None:
        """Return once `account/table` is no longer being filled."""
        if fill := self._fills.get(table):
            await asyncio.shield(fill)

    def resume(self) -> None:
        """Go on, on the running loop, with what a former process had not finished."""
        wanted = set()
        for table in self._tables.names():
            if name := (self._tables.definition_of(table) or {"table": {}})["table"].get(SOURCE):
                wanted.add(name)
                self._start(table, self._folder / name)
        if self._folder.exists():
            for file in self._folder.iterdir():
                if file.name not in wanted:
                    file.unlink()

    def _start(self, table: str, file: Path, source: Snapshot | None = None) -> None:
        # A context of its own: what a request that ends meanwhile has gathered is not for these rows.
        task = asyncio.get_running_loop().create_task(self._fill(table, file, source), context=Context())
        self._fills[table] = task
        task.add_done_callback(lambda done: self._ended(table, done))

    def _ended(self, table: str, fill: asyncio.Task[None]) -> None:
        """Let go of a fill; one that failed is tried again when the process starts anew."""
        self._fills.pop(table, None)
        if not fill.cancelled() and (error := fill.exception()):
            logger.error("%s could not be filled, and stays CREATING: %s", table, error, exc_info=error)

    async def _fill(self, table: str, file: Path, given: Snapshot | None) -> None:
        try:
            source = await asyncio.to_thread(snapshot.read, file) if given is None else given
        except (SnapshotDamagedError, OSError) as error:
            logger.error("%s cannot be filled, so it is removed: %s", table, error)
            self._finish(table, file, lambda found: dynamodb._tables.pop(found["TableName"], None))
            return
        rows = iter(source.rows.items())
        while chunk := list(islice(rows, CHUNK)):
            began = time.perf_counter()
            if not self._write(table, file, chunk):
                break
            await asyncio.sleep(time.perf_counter() - began)  # half of the loop is for requests
        self._finish(table, file, _activate)

    def _write(self, table: str, file: Path, rows: Iterable[tuple[Key, Item]]) -> bool:
        """Write the rows that are not there yet as one commit, and tell whether there is still a table."""
        with self._scope(table):
            found = self._found(table, file)
            if found is None:
                return False
            with self._tables.one_commit():
                for key, item in rows:
                    if found["items"].get(key.partition, {}).get(key.sort) != item:
                        dynamodb._set_item(found, key.partition, key.sort, item)
        return True

    def _finish(self, table: str, file: Path, end: Callable[[Table], object]) -> None:
        with self._scope(table), self._tables.defining:
            if found := self._found(table, file):
                end(found)
                self._tables.record_definitions()
        file.unlink(missing_ok=True)

    def _scope(self, table: str) -> Any:  # noqa: ANN401 - the emulator has no types
        return request_scope(table.split("/", 1)[0], self._tables.region)

    def _found(self, table: str, file: Path) -> Table | None:
        """Return the table that the file is for; one that was made of that name since is another one."""
        account, name = table.split("/", 1)
        found: Table | None = dynamodb._tables.get_scoped(account, self._tables.region, name)
        return found if found and found.get(SOURCE) == file.name else None


def _activate(table: Table) -> None:
    table["TableStatus"] = "ACTIVE"
    table["RestoreSummary"]["RestoreInProgress"] = False
    del table[SOURCE]


def _with_restore(describe: Callable[[str], Item]) -> Callable[[str], Item]:
    """Return what says of a table whether, and from what, it was restored."""

    def described(name: str) -> Item:
        found, table = describe(name), dynamodb._tables[name]
        if summary := table.get("RestoreSummary"):
            found["RestoreSummary"] = dict(summary)
        if table["TableStatus"] == CREATING and (indexes := found.get("GlobalSecondaryIndexes")):
            found["GlobalSecondaryIndexes"] = [{**index, "IndexStatus": CREATING} for index in indexes]
        return found

    return described
