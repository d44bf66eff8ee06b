"""`UpdateTable` with ReplicaUpdates: a table becomes a global table, and gets and loses replicas."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextvars import Context

from ministack.core.responses import request_scope
from ministack.services import dynamodb

from pipeline.local.emulator import replica_update
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.dispatch import Operation, RefusedError, invalid, table_name
from pipeline.local.emulator.peer import Peer
from pipeline.local.emulator.replica import Replica
from pipeline.local.emulator.replica_settings import DELETING, DISMISSED, REGIONS, STATES
from pipeline.local.emulator.tables import Tables, current_account

POLL_S = 0.05


class Replicas:
    """Adds and removes replicas of a table, as global tables of version 2019.11.21 do.

    A replica is CREATING, and its Region answers no request for rows, until that has every row that was there
    when it was asked for. A table that another one was made from can be deleted at once; AWS refuses that for
    24 h (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables.tutorial.html).
    What a Region wrote that had not travelled when its replica is removed goes with the replica. Overrides of
    capacity, class and key are not read.

    Args:
        tables: this Region's tables, and `replica`, what it tells its peers.
        peers: the other Regions by name.
    """

    def __init__(self, tables: Tables, replica: Replica, peers: Mapping[str, Peer]) -> None:
        self._tables = tables
        self._replica = replica
        self._peers = peers
        self._watches: set[asyncio.Task[None]] = set()

    def attach(self) -> None:
        """Let DescribeTable tell of replicas that come and go."""
        dynamodb._table_description = replica_update.with_states(dynamodb._table_description)

    def operations(self) -> dict[str, Operation]:
        """Return what of DynamoDB is answered here."""
        return {"UpdateTable": self.update, "DeleteTable": self.delete}

    async def update(self, request: Item) -> Item:
        """Do UpdateTable; ReplicaUpdates are begun, and go on when this returns.

        Raises:
            RefusedError: in DynamoDB's words.
        """
        name, updates = table_name(request.get("TableName")), request.get("ReplicaUpdates")
        if not updates or name not in dynamodb._tables:
            return _answered(dynamodb._update_table(request))
        replica_update.refuse_unsettled(name)
        if request.get("GlobalSecondaryIndexUpdates"):
            raise invalid("A replica and a global secondary index cannot be changed by one request")
        await self._refuse_impossible(name, updates)
        others = {key: value for key, value in request.items() if key != "ReplicaUpdates"}
        if others.keys() - {"TableName"}:
            _answered(dynamodb._update_table(others))
        with self._tables.defining:
            for update in updates:
                replica_update.apply(dynamodb._tables[name], update)
            self._tables.record_definitions()
        self._watch(f"{current_account()}/{name}")
        return {"TableDescription": dynamodb._table_description(name)}

    async def delete(self, request: Item) -> Item:
        """Do DeleteTable: of a global table, this Region's replica goes, and the others stay.

        Raises:
            RefusedError: in DynamoDB's words.
        """
        replica_update.refuse_unsettled(table_name(request.get("TableName")))
        return _answered(dynamodb._delete_table(request))

    def resume(self) -> None:
        """Go on, on the running loop, to wait for what a former process waited for."""
        for table in self._tables.names():
            self._watch(table)

    async def _refuse_impossible(self, name: str, updates: list[Item]) -> None:
        table = dynamodb._tables[name]
        for update in updates:
            replica_update.refuse_impossible(table, update)
            action, region = replica_update.action_of(update)
            if action == "Create":
                await self._refuse_taken(name, region, set(table.get(REGIONS) or ()))

    async def _refuse_taken(self, name: str, region: str, regions: set[str]) -> None:
        if region not in self._peers:
            raise invalid(f"Unsupported replica region: {region}")
        table = f"{current_account()}/{name}"
        if region in regions or await asyncio.to_thread(self._peers[region].has, table):
            raise invalid(
                f"Failed to create a the new replica of table with name: '{name}' "
                "because one or more replicas already existed as tables."
            )

    def _watch(self, table: str) -> None:
        known = self._tables.definition_of(table)
        for region, state in (known or {"table": {}})["table"].get(STATES, {}).items():
            if region != self._tables.region and region in self._peers:
                watch = self._settle(table, region, state, self._replica.durable)
                task = asyncio.get_running_loop().create_task(watch, context=Context())
                self._watches.add(task)
                task.add_done_callback(self._watches.discard)

    async def _settle(self, table: str, region: str, state: str, sequence: int) -> None:
        """Wait until a Region has all of a table up to a place in the journal, or nothing; then say so."""
        peer, here = self._peers[region], self._tables.region

        def settled() -> bool:
            if state == DELETING:
                return peer.lacks(table)
            return peer.has_read(here, sequence) and peer.has(table)

        while not await asyncio.to_thread(settled):
            await asyncio.sleep(POLL_S)
        account, name = table.split("/", 1)
        with request_scope(account, here), self._tables.defining:
            found = dynamodb._tables.get(name)
            if found is not None and (found.get(STATES) or {}).get(region) == state:
                found[STATES] = {each: of for each, of in found[STATES].items() if each != region}
                found[DISMISSED] = [each for each in found.get(DISMISSED) or () if each != region]
                self._tables.record_definitions()


def _answered(answer: tuple[int, dict[str, str], bytes]) -> Item:
    """Return what the emulator answered.

    Raises:
        RefusedError: it refused.
    """
    status, _, body = answer
    found: Item = json.loads(body)
    if status >= 400:
        raise RefusedError(found["__type"].rpartition("#")[2], found["message"])
    return found
