"""Where the emulator's DynamoDB meets the journal: every change passes here before it is acknowledged."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from ministack.core.responses import get_account_id, request_scope
from ministack.services import dynamodb

from pipeline.local.emulator import definition, replica_settings, streams
from pipeline.local.emulator.change import Change, Item, Key, now
from pipeline.local.emulator.definition import Table
from pipeline.local.emulator.dispatch import UNDEFINING, Answer, Dispatch
from pipeline.local.emulator.replica import Replica

logger = logging.getLogger("journal")

Edit = tuple[Key, Item | None, Item | None]  # a row's key, and the row before and after

DISK_FAILED = 74
_request_edits: ContextVar[list[Edit] | None] = ContextVar("request_edits", default=None)
_put_row, _remove_row, _rows_replaced = dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced


class Tables:
    """The tables of one Region's emulator, as the store of its replica.

    `attach` replaces the private functions of the emulator through which every row changes. They are pinned
    with its version, and a test fails if one of them goes.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        self._definitions: dict[str, Item] = {}
        self._replica: Replica | None = None
        self.dispatch = Dispatch(region)
        self.defining = threading.RLock()  # held while a definition changes, until it is journaled

    def attach(self, replica: Replica) -> None:
        """From now on, let no write be acknowledged before the replica's journal has it."""
        self._replica = replica
        dynamodb._set_item = self._set_item
        dynamodb._remove_item = self._remove_item
        dynamodb._items_replaced = self._items_replaced
        # Streams are made of the journal instead, once it has the change.
        dynamodb._emit_stream_event = lambda *_, **__: None
        dynamodb.handle_request = self._handle_request

    def names(self) -> list[str]:
        """Return `account/table` of every table here."""
        return [table for table, _ in self._tables()]

    def definition_of(self, table: str) -> Item | None:
        """Return the definition of `account/table`, as it was journaled last; not to be changed."""
        return self._definitions.get(table)

    def is_shared(self, table: str) -> bool:
        """Tell whether the table has replicas in other Regions."""
        known = self._definitions.get(table)
        return known is not None and replica_settings.is_shared(known)

    def ends_sharing(self, definition: Item) -> bool:
        """Tell whether a table's definition says that a Region's replica of it is gone."""
        return replica_settings.ends_sharing(definition)

    def apply(self, change: Change) -> None:
        """Make a row or a table what a change from the journal or a peer says; streams see it as on AWS."""
        account, name = change.key.table.split("/", 1)
        with request_scope(account, self.region):
            if change.key.names_table:
                self._apply_definition(change.key.table, change.item, change.stamp.at)
            elif (table := dynamodb._tables.get(name)) is not None:
                _, partition, sort = change.key
                old = table["items"].get(partition, {}).get(sort)
                if change.item is not None:
                    _put_row(table, partition, sort, change.item)
                elif old is not None:
                    _remove_row(table, partition, sort)
                streams.record(change.key, old, change.item, at=change.stamp.at)

    def settle(self, name: str) -> None:
        """Give this Region's replica of a table its own settings, and journal its definition."""
        table = f"{current_account()}/{name}"
        with self.defining:
            found = definition.read(dynamodb._tables[name], self.region)
            self._apply_definition(table, definition.settled(found, self.region), now())
            del self._definitions[table]
            self.record_definitions()

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        """Journal all that is written meanwhile as one commit, of the time at which the block began.

        What others wrote while this Region was frozen in it is later.
        """
        edits: list[Edit] = []
        began, token = now(), _request_edits.set(edits)
        try:
            yield
        finally:
            _request_edits.reset(token)
            self._commit(edits, began)

    def record_definitions(self) -> None:
        """Journal each table that was created, changed or deleted since the last call."""
        with self.defining:
            at, known = now(), self._definitions
            found = {
                name: definition.present(table, self.region, known.get(name), at)
                for name, table in self._tables()
            }
            edits: list[Edit] = [(Key(name), None, d) for name, d in found.items() if known.get(name) != d]
            for name in known.keys() - found.keys():
                if self.is_shared(name):  # its other replicas stay, and are told
                    self._commit([(Key(name), None, replica_settings.parted(known[name], self.region))])
                edits.append((Key(name), None, None))
                with request_scope(name.split("/", 1)[0], self.region):
                    definition.remove(known[name])
            self._definitions = found
            self._commit(edits)

    def _tables(self) -> Iterator[tuple[str, Table]]:
        for (account, region, name), table in list(dynamodb._tables.all_items()):
            if region == self.region:
                yield f"{account}/{name}", table

    def _apply_definition(self, table: str, item: Item | None, at: int) -> None:
        known, is_gone = self._definitions.pop(table, None), item is None
        if item is not None and (item := definition.received(item, self.region, known)) is not None:
            item = definition.dated(item, known, at)
        if known is not None and definition.ends_stream(known, item):
            streams.close(known["table"]["TableName"], known["table"])
        if item is not None:
            self._definitions[table] = item
            definition.put(item["table"]["TableName"], definition.copied(self._definitions[table]))
        elif known is not None:
            definition.remove(known)
            if self._replica is not None and not is_gone:  # another Region took this replica away
                self._replica.write([(Key(table), None)])

    def _commit(self, edits: Sequence[Edit], at: int | None = None) -> None:
        if not edits or self._replica is None:
            return
        rows: dict[Key, tuple[Item | None, Item | None]] = {}
        for key, old, new in edits:
            rows[key] = (rows[key][0] if key in rows else old, new)
        try:
            with self._replica.lock:  # streams have the order of the journal
                self._replica.write([(key, new) for key, (_, new) in rows.items()], at=at)
                for key, (old, new) in rows.items():
                    with request_scope(key.table.split("/")[0], self.region):
                        streams.record(key, old, new, at=now())
        except OSError as error:
            # A Region that cannot keep what it acknowledges must stop; a restart has what is on disk.
            logger.critical("The journal cannot be written, so this Region stops: %s", error)
            os._exit(DISK_FAILED)

    def _changed(self, table: Table, partition: str, sort: str, old: Item | None, new: Item | None) -> None:
        account = table["TableArn"].split(":")[4]
        edit = (Key(f"{account}/{table['TableName']}", partition, sort), old, new)
        if (pending := _request_edits.get()) is None:
            self._commit([edit])
        else:
            pending.append(edit)

    def _set_item(self, table: Table, partition: str, sort: str, item: Item) -> Item | None:
        old: Item | None = _put_row(table, partition, sort, item)
        self._changed(table, partition, sort, old, item)
        return old

    def _remove_item(self, table: Table, partition: str, sort: str) -> Item | None:
        old: Item | None = _remove_row(table, partition, sort)
        if old is not None:
            self._changed(table, partition, sort, old, None)
        return old

    def _items_replaced(self, table: Table) -> None:
        _rows_replaced(table)
        self.record_definitions()
        for partition, rows in table["items"].items():
            for sort, item in rows.items():
                self._changed(table, partition, sort, None, item)

    async def _handle_request(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Answer:
        """Serve one request, then journal all that it changed as one commit, then let it be answered."""
        with self.one_commit():
            try:
                return await self.dispatch.serve(method, path, headers, body, query)
            finally:
                if headers.get("x-amz-target", "").rpartition(".")[2] not in UNDEFINING:
                    self.record_definitions()


def current_account() -> str:
    """Return the account that the request in hand is for."""
    return str(get_account_id())
