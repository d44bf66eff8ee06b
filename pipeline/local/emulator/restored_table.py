"""The table, still empty, that a snapshot is restored into."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ministack.services import dynamodb

from pipeline.local.emulator.change import Item
from pipeline.local.emulator.definition import Table, copied
from pipeline.local.emulator.dispatch import CREATING, RefusedError, invalid
from pipeline.local.emulator.recovery_window import SECOND_US
from pipeline.local.emulator.snapshot import Snapshot

OVERRIDES = {
    "GlobalSecondaryIndexOverride": "GlobalSecondaryIndexes",
    "LocalSecondaryIndexOverride": "LocalSecondaryIndexes",
}


def refuse_taken(name: str) -> None:
    """Let nothing be restored over a table.

    Raises:
        RefusedError: TableAlreadyExistsException, or TableInUseException where it is being created.
    """
    if (table := dynamodb._tables.get(name)) is None:
        return
    if table["TableStatus"] == CREATING:
        raise RefusedError("TableInUseException", f"Table is being created: {name}")
    raise RefusedError("TableAlreadyExistsException", f"Table already exists: {name}")


def create(source: Snapshot, name: str, request: Item) -> Table:
    """Make the empty table for the request's account and Region, and return it: its status is CREATING.

    Raises:
        RefusedError: the name is taken, or what the request overrides does not fit the snapshot.
    """
    refuse_taken(name)
    former = copied(source.definition)["table"]
    for override, indexes in OVERRIDES.items():
        _refuse_unlike(request.get(override), former.get(indexes))
    mode = request.get("BillingModeOverride") or former["BillingModeSummary"]["BillingMode"]
    throughput = request.get("ProvisionedThroughputOverride") or former["ProvisionedThroughput"]
    vectors = [dynamodb._vector_index_info(index) for index in former.get("VectorIndexes") or ()]
    wanted = dynamodb._restore_create_request(
        *(name, former["KeySchema"], former["AttributeDefinitions"], mode, throughput, request),
        *(former.get("GlobalSecondaryIndexes"), former.get("LocalSecondaryIndexes"), vectors),
    )
    if specification := request.get("SSESpecificationOverride"):
        wanted["SSESpecification"] = specification
    status, _, body = dynamodb._create_table(wanted)
    if status != 200:
        answer = json.loads(body)
        raise RefusedError(answer["__type"].rpartition("#")[2], answer["message"])
    return _begun(dynamodb._tables[name], former, source, request)


def _begun(table: Table, former: Table, source: Snapshot, request: Item) -> Table:
    table["TableStatus"] = CREATING
    if "SSESpecificationOverride" not in request:
        table["SSEDescription"] = former.get("SSEDescription")
    for setting in ("OnDemandThroughput", "TableClassSummary"):
        if value := request.get(f"{setting}Override") or former.get(setting):
            table[setting] = value
    backup = request.get("BackupArn")
    table["RestoreSummary"] = {
        **({"SourceBackupArn": backup} if backup else {}),
        "SourceTableArn": former["TableArn"],
        "RestoreDateTime": source.at / SECOND_US,
        "RestoreInProgress": True,
    }
    return table


def _refuse_unlike(chosen: Sequence[dict[str, Any]] | None, known: Sequence[dict[str, Any]] | None) -> None:
    """Let indexes be left out, but none be added or changed."""
    by_name = {index["IndexName"]: index for index in known or ()}
    for index in chosen or ():
        name = index.get("IndexName")
        like = by_name.get(str(name), {})
        if "WarmThroughput" in index or any(
            index.get(part) != like.get(part) for part in ("IndexName", "KeySchema", "Projection")
        ):
            raise invalid(f"The index {name} does not match an index of the table that is restored")
