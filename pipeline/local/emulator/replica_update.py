"""One element of ReplicaUpdates: what it asks for, and what it makes of a table here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_region
from ministack.services import dynamodb

from pipeline.local.emulator import replica_settings
from pipeline.local.emulator.change import Item, now
from pipeline.local.emulator.definition import Table
from pipeline.local.emulator.dispatch import RefusedError, invalid
from pipeline.local.emulator.replica_settings import CREATING, DELETING, DISMISSED, ENTRIES, REGIONS, STATES

VIEW = "NEW_AND_OLD_IMAGES"


def action_of(update: Item) -> tuple[str, str]:
    """Return what an update does (`Create`, `Update`, `Delete`), and to the replica of which Region."""
    action = next(iter(update), "")
    return action, str((update.get(action) or {}).get("RegionName", ""))


def refuse_unsettled(name: str) -> None:
    """Let no table be changed while a replica of it comes or goes.

    Raises:
        RefusedError: ResourceInUseException.
    """
    if (dynamodb._tables.get(name) or {}).get(STATES):
        message = f"Attempt to change a resource which is still in use: {name}"
        raise RefusedError("ResourceInUseException", message)


def refuse_impossible(table: Table, update: Item) -> None:
    """Let no update through that the table here is in the way of.

    Raises:
        RefusedError: ValidationException.
    """
    action, region = action_of(update)
    if region == get_region():
        raise invalid(
            "Cannot add, delete, or update the local region through ReplicaUpdates. "
            "Use CreateTable, DeleteTable, or UpdateTable as required."
        )
    if action == "Create":
        view = (table.get("StreamSpecification") or {}).get("StreamViewType", VIEW)
        if view != VIEW:
            raise invalid(f"The stream of a table with replicas has {VIEW}, not {view}")
    elif region not in (table.get(REGIONS) or ()):
        raise invalid(
            "Replica specified in the Replica Update or Replica Delete action of the request was not found."
        )
    entry = replica_settings.entry(table.get(ENTRIES) or [], region) or {}
    if action == "Delete" and entry.get("DeletionProtectionEnabled"):
        raise invalid(
            "Table is protected against deletion. To delete the table, disable deletion protection."
        )


def apply(table: Table, update: Item) -> None:
    """Put into a table what an update begins."""
    action, region = action_of(update)
    if action == "Create":
        _enable_stream(table)
        table[REGIONS] = sorted({*(table.get(REGIONS) or ()), get_region(), region})
        fresh = replica_settings.stamped([{"Region": region, "Tags": []}], now())
        others = [each for each in table.get(ENTRIES) or () if each["Region"] != region]
        table[ENTRIES] = [*others, *fresh]
        table[STATES] = {**(table.get(STATES) or {}), region: CREATING}
        table[DISMISSED] = [each for each in table.get(DISMISSED) or () if each != region]
    elif action == "Delete":
        table.update(replica_settings.parted({"table": table}, region)["table"])
        table[STATES] = {**table[STATES], region: DELETING}


def _enable_stream(table: Table) -> None:
    if not (table.get("StreamSpecification") or {}).get("StreamEnabled"):
        label = dynamodb._stream_label()
        table["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": VIEW}
        table["LatestStreamLabel"] = label
        table["LatestStreamArn"] = f"{table['TableArn']}/stream/{label}"


def with_states(describe: Callable[[str], Item]) -> Callable[[str], dict[str, Any]]:
    """Return what says of each replica, and of its table, whether it is there already, and still."""

    def described(name: str) -> dict[str, Any]:
        found, states = describe(name), dynamodb._tables[name].get(STATES) or {}
        others = {region: state for region, state in states.items() if region != get_region()}
        if others:
            listed = {each["RegionName"]: each for each in found.get("Replicas") or ()}
            for region, state in others.items():
                listed[region] = {"RegionName": region, "ReplicaStatus": state}
            found["Replicas"] = [listed[region] for region in sorted(listed)]
            if found["TableStatus"] == "ACTIVE":
                found["TableStatus"] = "UPDATING"
        return found

    return described
