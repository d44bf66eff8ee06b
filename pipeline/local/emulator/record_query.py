"""Which records of AWS Backup a list call is answered with, and how a client is shown one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pipeline.local.emulator.change import Item
from pipeline.local.emulator.job_log import invalid

Query = Mapping[str, str]

MOST = 1_000
# By the query's parameter: what it is compared with, in a record.
FILTERS = {
    "resourceArn": ("ResourceArn",),
    "resourceType": ("ResourceType",),
    "state": ("State",),
    "status": ("Status",),
    "backupVaultName": ("BackupVaultName",),
    "destinationVaultArn": ("DestinationBackupVaultArn",),
    "sourceRecoveryPointArn": ("SourceRecoveryPointArn",),
    "accountId": ("AccountId",),
    "restoreTestingPlanArn": ("CreatedBy", "RestoreTestingPlanArn"),
}
TIMES = {
    "createdAfter": ("CreationDate", 1),
    "createdBefore": ("CreationDate", -1),
    "completeAfter": ("CompletionDate", 1),
    "completeBefore": ("CompletionDate", -1),
}


def shown(record: Item) -> Item:
    """Return what of a record a client is told: a copy without what is noted for ourselves."""
    return json.loads(json.dumps({key: value for key, value in record.items() if key[0] != "_"}))  # type: ignore[no-any-return]


def page(member: str, records: Iterable[Item], query: Query) -> Item:
    """Return a page of the records that the filters of a query leave, with the token of the next one.

    Raises:
        RefusedError: InvalidParameterValueException for what is no time.
    """
    found = filtered(records, query)
    first, limit = int(query.get("nextToken") or 0), int(query.get("maxResults") or MOST)
    more = {"NextToken": str(first + limit)} if first + limit < len(found) else {}
    return {member: [shown(record) for record in found[first : first + limit]], **more}


def filtered(records: Iterable[Item], query: Query) -> list[Item]:
    """Return the records that the filters of a query leave.

    Raises:
        RefusedError: InvalidParameterValueException for what is no time.
    """
    found = list(records)
    for name, path in FILTERS.items():
        if wanted := query.get(name):
            found = [record for record in found if _at(record, path) == wanted]
    for name, (member, sign) in TIMES.items():
        if name in query:
            bound = _seconds(query[name])
            found = [each for each in found if member in each and sign * (each[member] - bound) >= 0]
    return found


def _at(record: Item, path: tuple[str, ...]) -> object:
    value: Any = record
    for member in path:
        value = (value or {}).get(member)
    return value


def _seconds(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        raise invalid(f"{text!r} is not a time.") from error
