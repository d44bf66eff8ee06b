"""The settings that each Region's replica of a table has of its own, in the table's definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.local.emulator.change import Item

Settings = dict[str, Any]

ENTRIES, AT = "_replica_settings", "_at"
REGIONS, STATES, DISMISSED = "_global_regions", "_replica_states", "_dismissed"
CREATING, DELETING = "CREATING", "DELETING"


def stamped(entries: Sequence[Settings], at: int) -> list[Settings]:
    """Return the entries of a template or request, which count from `at`, µs since the epoch."""
    return [{**entry, AT: at} for entry in entries]


def noted(definition: Item, region: str, at: int) -> list[Settings]:
    """Return the entries of a definition with what its own table has: as it is in `region`, changed at `at`.

    Deletion protection, point-in-time recovery and tags are each replica's own
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
    """
    entries: list[Settings] = definition["table"].get(ENTRIES) or []
    actual = _actual(definition)
    known = entry(entries, region)
    if known is not None and _compared(known) == _compared(actual):
        return entries
    others = [each for each in entries if each["Region"] != region]
    return sorted([*others, {"Region": region, **actual, AT: at}], key=lambda each: str(each["Region"]))


def merged(found: Sequence[Settings], known: Sequence[Settings]) -> list[Settings]:
    """Return each Region's entry as it was changed last: two Regions may change their own at once."""
    newest = {each["Region"]: each for each in known if entry(found, each["Region"])}
    for each in found:
        before = newest.get(each["Region"])
        if before is None or each.get(AT, 0) >= before.get(AT, 0):
            newest[each["Region"]] = each
    return [newest[region] for region in sorted(newest)]


def entry(entries: Sequence[Settings], region: str) -> Settings | None:
    """Return the entry of a Region, or None."""
    return next((each for each in entries if each["Region"] == region), None)


def is_shared(definition: Item) -> bool:
    """Tell whether a definition is that of a table with replicas in several Regions."""
    return len(definition.get("table", {}).get(REGIONS) or ()) > 1


def ends_sharing(definition: Item) -> bool:
    """Tell whether a definition says that a Region has no replica any more, which that one may not know."""
    return bool(definition.get("table", {}).get(DISMISSED))


def parted(definition: Item, region: str) -> Item:
    """Return the definition as the others have it once the replica in `region` is gone."""
    table = definition["table"]
    left = [each for each in table.get(REGIONS) or () if each != region]
    states = {each: state for each, state in (table.get(STATES) or {}).items() if each in left}
    entries = [each for each in table.get(ENTRIES) or () if each["Region"] in left]
    changed = {
        REGIONS: left if len(left) > 1 else [],
        STATES: states,
        ENTRIES: entries if len(left) > 1 else [],
        DISMISSED: sorted({*(table.get(DISMISSED) or ()), region}),
    }
    return {**definition, "table": {**table, **changed}}


def _actual(definition: Item) -> Settings:
    pitr = definition.get("pitr")
    recovery: Settings = {"PointInTimeRecoveryEnabled": bool(pitr)}
    if isinstance(pitr, dict):
        recovery["RecoveryPeriodInDays"] = pitr["days"]
    return {
        "DeletionProtectionEnabled": bool(definition["table"].get("DeletionProtectionEnabled")),
        "PointInTimeRecoverySpecification": recovery,
        "Tags": definition.get("tags") or [],
    }


def _compared(settings: Settings) -> tuple[bool, int | None, list[tuple[str, str]]]:
    recovery = settings.get("PointInTimeRecoverySpecification") or {}
    days = (
        int(recovery.get("RecoveryPeriodInDays") or 35)
        if recovery.get("PointInTimeRecoveryEnabled")
        else None
    )
    tags = sorted((tag["Key"], tag["Value"]) for tag in settings.get("Tags") or ())
    return str(settings.get("DeletionProtectionEnabled")).lower() == "true", days, tags
