"""`AWS::DynamoDB::GlobalTable` with the parts that the emulator's own provisioner passes over."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import get_region
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners, stacks

from pipeline.local.emulator import replica_settings
from pipeline.local.emulator.change import now
from pipeline.local.emulator.peer import Peer
from pipeline.local.emulator.replica_settings import DISMISSED, ENTRIES, REGIONS, STATES
from pipeline.local.emulator.tables import Tables, current_account

Properties = dict[str, Any]
Table = dict[str, Any]
Created = tuple[str, dict[str, Any]]
Describe = Callable[[str], dict[str, Any]]

TYPE = "AWS::DynamoDB::GlobalTable"
STRUCTURE = ("KeySchema", "LocalSecondaryIndexes", "GlobalSecondaryIndexes")
REPLICA_DEADLINE_S = 30.0


class GlobalTable:
    """Creates and updates a table with its TTL, PITR and protection, and waits until each replica has it.

    A table that is there although its stack is not (the process died before the stack was saved) is adopted
    with its rows, as an import would.

    Args:
        tables: this Region's tables.
        peers: the other Regions by name.
    """

    def __init__(self, tables: Tables, peers: Mapping[str, Peer]) -> None:
        self._tables = tables
        self._peers = peers

    def register(self) -> None:
        """Let CloudFormation here provision global tables so, off the thread that serves requests."""
        provisioners._RESOURCE_HANDLERS[TYPE] = {
            "create": self.create,
            "update": self.update,
            "delete": self.delete,
        }
        waits = stacks._runs_on_worker_thread
        stacks._runs_on_worker_thread = lambda name: name == TYPE or waits(name)
        dynamodb._table_description = _with_states(dynamodb._table_description)

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> Created:
        """Provision the table; returns its name and attributes.

        Raises:
            ValueError: a table of that name has other keys, or a replica did not come up; the stack fails.
        """
        name = properties.get("TableName", "")
        if table := dynamodb._tables.get(name):
            kept = {key: value for key, value in properties.items() if key not in STRUCTURE}
            kept |= {key: table[key] for key in STRUCTURE if table.get(key)}
            kept["StreamSpecification"] = table.get("StreamSpecification")
            kept["BillingMode"] = (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED")
            return self.update(name, kept, properties, stack_name)
        name, attributes = provisioners._ddb_global_table_create(logical_id, properties, stack_name)
        self._settle(name, properties)
        return name, {**attributes, "TableId": dynamodb._tables[name]["TableId"]}

    def update(self, physical_id: str, old: Properties, new: Properties, stack_name: str) -> Created:
        """Bring the table to the new properties, its rows kept; returns its name and attributes.

        Raises:
            ValueError: the change cannot be made to a table in place, or a replica did not follow.
        """
        name, attributes = provisioners._ddb_global_table_update(physical_id, old, new, stack_name)
        self._settle(name, new)
        return name, {**attributes, "TableId": dynamodb._tables[name]["TableId"]}

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove the table with its replicas; those of other Regions go as soon as they hear of it.

        Raises:
            ValueError: the table, or a replica of it, is protected from deletion.
        """
        table = dynamodb._tables.get(physical_id)
        if table:
            protected = [each for each in table.get(ENTRIES) or () if each.get("DeletionProtectionEnabled")]
            if protected or table.get("DeletionProtectionEnabled"):
                raise ValueError(f"Table {physical_id} is protected from deletion: switch that off first")
            self._share(table, [], dismissed=_others(table))
        provisioners._ddb_global_table_delete(physical_id, properties)
        self._tables.record_definitions()

    def _settle(self, name: str, properties: Properties) -> None:
        table = dynamodb._tables[name]
        replicas = properties.get("Replicas") or []
        if ttl := properties.get("TimeToLiveSpecification"):
            dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": ttl})
        else:
            dynamodb._ttl_settings.pop(name, None)
        left = _others(table) - {replica["Region"] for replica in replicas}
        self._share(table, replicas, dismissed=left)
        for region in _others(table):
            self._await(region, name, lambda peer, found: peer.has(found))
        for region in left:
            self._await(region, name, lambda peer, found: peer.lacks(found))
        if left:
            self._share(dynamodb._tables[name], replicas, dismissed=set())

    def _share(self, table: Table, replicas: list[Properties], *, dismissed: set[str]) -> None:
        """Journal with whom the table is shared, and the settings of each replica, as one change."""
        regions = {get_region(), *(replica["Region"] for replica in replicas)}
        with self._tables.defining:
            table[ENTRIES] = replica_settings.stamped([{"Tags": [], **each} for each in replicas], now())
            table[REGIONS] = sorted(regions)
            table[STATES] = {}
            table[DISMISSED] = sorted(dismissed)
            self._tables.settle(table["TableName"])

    def _await(self, region: str, name: str, there: Callable[[Peer, str], bool]) -> None:
        deadline = time.monotonic() + REPLICA_DEADLINE_S
        while region in self._peers and not there(self._peers[region], f"{current_account()}/{name}"):
            if time.monotonic() > deadline:
                raise ValueError(
                    f"The replica of {name} in {region} did not come up, or go, in {REPLICA_DEADLINE_S:.0f} s"
                )
            time.sleep(0.02)


def _others(table: Table) -> set[str]:
    return set(table.get(REGIONS) or ()) - {get_region()}


def _with_states(describe: Describe) -> Describe:
    """Return what says of each index that it is active, as it is from the first moment here."""

    def described(name: str) -> dict[str, Any]:
        found = describe(name)
        if indexes := found.get("GlobalSecondaryIndexes"):
            found["GlobalSecondaryIndexes"] = [{"IndexStatus": "ACTIVE", **index} for index in indexes]
        return found

    return described
