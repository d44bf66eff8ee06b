"""A table's definition with its settings: as the journal keeps it, and as each Region's replica has it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from ministack.services import dynamodb

from pipeline.local.emulator.change import Item

Table = dict[str, Any]

ROWS = ("items", "ItemCount", "TableSizeBytes")
DERIVED = {*ROWS, dynamodb._INDEX_MEMBERS}


def read(table: Table, region: str) -> Item:
    """Return the definition of a table, in JSON values that share nothing with it."""
    account, name, arn = table["TableArn"].split(":")[4], table["TableName"], table["TableArn"]
    definition = {
        "table": {key: value for key, value in table.items() if key not in DERIVED},
        "ttl": dynamodb._ttl_settings.get_scoped(account, region, name),
        "pitr": dynamodb._pitr_settings.get_scoped(account, region, name),
        "tags": dynamodb._tags.get_scoped(account, region, arn),
    }
    return copied(definition)


def put(name: str, definition: Item) -> None:
    """Make the table what the definition says, for the request's account and Region; its rows stay."""
    empty: Table = {"items": defaultdict(dict), "ItemCount": 0, "TableSizeBytes": 0}
    table = dynamodb._tables.get(name) or empty
    dynamodb._tables[name] = {**definition["table"], **{key: table[key] for key in ROWS}}
    for settings, key, value in _settings(definition):
        if value is None:
            settings.pop(key, None)
        else:
            settings[key] = value


def remove(definition: Item) -> None:
    """Remove a table with its settings, for the request's account and Region."""
    dynamodb._tables.pop(definition["table"]["TableName"], None)
    for settings, key, _ in _settings(definition):
        settings.pop(key, None)


def localized(definition: Item, region: str) -> Item:
    """Return the definition as the replica in `region` has it: its own as it is, another Region's adapted."""
    home = definition["table"]["TableArn"].split(":")[3]
    if home == region:
        return copied(definition)
    text = json.dumps(definition).replace(f"arn:aws:dynamodb:{home}:", f"arn:aws:dynamodb:{region}:")
    return settled(json.loads(text), region)


def settled(definition: Item, region: str) -> Item:
    """Return the definition with the settings that its stack gives to the replica in `region`."""
    local = copied(definition)
    for settings in local["table"].get("_replica_settings") or ():
        if settings["Region"] == region:
            local["table"]["DeletionProtectionEnabled"] = bool(settings.get("DeletionProtectionEnabled"))
            recovery = settings.get("PointInTimeRecoverySpecification") or {}
            local["pitr"] = bool(recovery.get("PointInTimeRecoveryEnabled"))
            local["tags"] = settings.get("Tags", local["tags"])
    return local


def copied(definition: Item) -> Item:
    """Return the definition again, sharing nothing with this one."""
    return json.loads(json.dumps(definition))  # type: ignore[no-any-return]


def _settings(definition: Item) -> tuple[tuple[Any, str, Any], ...]:
    name, arn = definition["table"]["TableName"], definition["table"]["TableArn"]
    return (
        (dynamodb._ttl_settings, name, definition["ttl"]),
        (dynamodb._pitr_settings, name, definition["pitr"]),
        (dynamodb._tags, arn, definition["tags"]),
    )
