"""A table's definition with its settings: as the journal keeps it, and as each Region's replica has it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from ministack.services import dynamodb

from pipeline.local.emulator import recovery_window, replica_settings
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


def present(table: Table, region: str, known: Item | None, at: int) -> Item:
    """Return the definition of a table at `at`, and note in that what its replica here has of its own.

    Args:
        table: the table, whose notes are brought up to date.
        region: this Region.
        known: the definition as it was journaled last.
        at: now, in µs since the epoch.
    """
    found = noted(dated(read(table, region), known, at), region, at)
    if replica_settings.is_shared(found):
        table[replica_settings.ENTRIES] = found["table"][replica_settings.ENTRIES]
    return found


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


def received(definition: Item, region: str, known: Item | None) -> Item | None:
    """Return what a definition that was journaled makes of the one that was `known`: None where it is gone.

    Args:
        definition: as this Region or another one wrote it.
        region: this Region.
        known: the definition that the table had here until now.
    """
    dismissed = definition["table"].get(replica_settings.DISMISSED) or ()
    is_own = definition["table"]["TableArn"].split(":")[3] == region
    if dismissed and (is_own or known is None or not replica_settings.is_shared(known)):
        return None if region in dismissed else copied(definition) if is_own else known
    if region in dismissed:
        return None
    local = localized(definition, region)
    if not is_own:
        local["table"].pop(replica_settings.DISMISSED, None)
        _keep_own(local, known, region)
        states = local["table"].get(replica_settings.STATES) or {}
        local["table"]["TableStatus"] = states.get(region, "ACTIVE")
    return local


def settled(definition: Item, region: str) -> Item:
    """Return the definition with the settings that its stack gives to the replica in `region`."""
    local = copied(definition)
    for settings in local["table"].get("_replica_settings") or ():
        if settings["Region"] == region:
            local["table"]["DeletionProtectionEnabled"] = bool(settings.get("DeletionProtectionEnabled"))
            recovery = settings.get("PointInTimeRecoverySpecification") or {}
            local["pitr"] = recovery_window.setting(recovery)
            local["tags"] = settings.get("Tags", local["tags"])
    return local


def noted(definition: Item, region: str, at: int) -> Item:
    """Return a shared table's definition with what its replica in `region` has of its own, for the others."""
    if not replica_settings.is_shared(definition):
        return definition
    entries = replica_settings.noted(definition, region, at)
    return {**definition, "table": {**definition["table"], replica_settings.ENTRIES: entries}}


def dated(definition: Item, known: Item | None, at: int) -> Item:
    """Return the definition with since when, in µs since the epoch, its rows can be restored as they were.

    That is since it was so in the definition that was `known` until now, or else from `at` on.
    """
    former = known["pitr"] if known else False
    return {**definition, "pitr": recovery_window.carried(former, definition["pitr"], at)}


def ends_stream(definition: Item, later: Item | None) -> bool:
    """Tell whether the stream that a table has ends with its later definition, which may be none."""
    return later is None or definition["table"].get("LatestStreamArn") != later["table"].get(
        "LatestStreamArn"
    )


def copied(definition: Item) -> Item:
    """Return the definition again, sharing nothing with this one."""
    return json.loads(json.dumps(definition))  # type: ignore[no-any-return]


def _keep_own(local: Item, known: Item | None, region: str) -> None:
    """Keep what the replica here has of its own, unless that was changed from elsewhere since."""
    if known is None or not replica_settings.is_shared(known):
        return
    entries = replica_settings.ENTRIES
    found, before = (each["table"].get(entries) or [] for each in (local, known))
    local["table"][entries] = replica_settings.merged(found, before)
    own = replica_settings.entry(before, region)
    if own is not None and replica_settings.entry(local["table"][entries], region) == own:
        local["table"]["DeletionProtectionEnabled"] = known["table"].get("DeletionProtectionEnabled", False)
        local["pitr"], local["tags"] = known["pitr"], known["tags"]


def _settings(definition: Item) -> tuple[tuple[Any, str, Any], ...]:
    name, arn = definition["table"]["TableName"], definition["table"]["TableArn"]
    return (
        (dynamodb._ttl_settings, name, definition["ttl"]),
        (dynamodb._pitr_settings, name, definition["pitr"]),
        (dynamodb._tags, arn, definition["tags"]),
    )
