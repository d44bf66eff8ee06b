"""On-demand backups: snapshots in files, which outlive the table that they were made of."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from ministack.core.responses import get_region
from ministack.services import dynamodb

from pipeline.local.emulator import snapshot
from pipeline.local.emulator.backup_description import described, summary
from pipeline.local.emulator.change import Item, now
from pipeline.local.emulator.dispatch import CREATING, Operation, RefusedError, invalid, required, table_name
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.restored_table import refuse_taken
from pipeline.local.emulator.restores import Restores
from pipeline.local.emulator.snapshot import Snapshot
from pipeline.local.emulator.tables import current_account
from pipeline.local.emulator.whole_file import written

MOST = 100  # backups in one answer
NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")


class Backups:
    """CreateBackup, DescribeBackup, ListBackups, DeleteBackup and RestoreTableFromBackup of one Region.

    A backup is answered once it is on disk, so it is AVAILABLE from the first moment
    (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html). It is a snapshot
    with its description beside it: without that, what a kill left of one is removed.

    Args:
        folder: where the backups are.
        journal: this Region's journal.
        restores: fills the tables that are restored.
    """

    def __init__(self, folder: Path, journal: Journal, restores: Restores) -> None:
        self._folder = folder
        self._journal = journal
        self._restores = restores
        self._known = dict(sorted(_kept(folder)))

    def operations(self) -> dict[str, Operation]:
        """Return what is answered here, by the operation's name."""
        return {
            "CreateBackup": self.create,
            "DescribeBackup": self.describe,
            "ListBackups": self.list,
            "DeleteBackup": self.delete,
            "RestoreTableFromBackup": self.restore,
        }

    async def create(self, request: Item) -> Item:
        """Answer CreateBackup: the table as of now, to the µs.

        Raises:
            RefusedError: TableNotFoundException, TableInUseException or ValidationException.
            OSError: the backup cannot be kept.
        """
        reference, backup = required(request, "TableName"), _name(request)
        name, at = table_name(reference), now()
        if (table := dynamodb._tables.get(name)) and table["TableStatus"] == CREATING:
            raise RefusedError("TableInUseException", f"Table is being created: {name}")
        source = f"{current_account()}/{name}"
        taken = table and await asyncio.to_thread(snapshot.taken, self._journal, source, at)
        if taken is None:
            raise RefusedError("TableNotFoundException", f"Table not found: {reference}")
        key = f"{at // 1_000:014d}-{uuid4().hex[:8]}"
        arn = f"arn:aws:dynamodb:{get_region()}:{current_account()}:table/{name}/backup/{key}"
        self._known[key] = await asyncio.to_thread(self._keep, taken, arn, backup)
        return {"BackupDetails": self._known[key]["BackupDetails"]}

    async def describe(self, request: Item) -> Item:
        """Answer DescribeBackup.

        Raises:
            RefusedError: BackupNotFoundException or ValidationException.
        """
        return {"BackupDescription": self._known[self._id(request)]}

    async def list(self, request: Item) -> Item:
        """Answer ListBackups, the oldest first, with the request's filters; no more than 100 at a time.

        Raises:
            RefusedError: ValidationException.
        """
        limit = int(request.get("Limit", MOST))
        if not 1 <= limit <= MOST:
            raise invalid(
                f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
                f"Member must have value between 1 and {MOST}"
            )
        after = str(request.get("ExclusiveStartBackupArn") or "").rpartition("/")[2]
        found = [key for key in self._known if key > after and self._is_wanted(key, request)]
        summaries = [summary(self._known[key]) for key in found[:limit]]
        more = {"LastEvaluatedBackupArn": summaries[-1]["BackupArn"]} if found[limit:] else {}
        return {"BackupSummaries": summaries, **more}

    async def delete(self, request: Item) -> Item:
        """Answer DeleteBackup: its files are gone.

        Raises:
            RefusedError: BackupNotFoundException or ValidationException.
        """
        key = self._id(request)
        (self._folder / f"{key}.json").unlink(missing_ok=True)
        self._snapshot(key).unlink(missing_ok=True)
        description = self._known.pop(key)
        details = {**description["BackupDetails"], "BackupStatus": "DELETED"}
        return {"BackupDescription": {**description, "BackupDetails": details}}

    async def restore(self, request: Item) -> Item:
        """Answer RestoreTableFromBackup; the table is filled afterwards.

        Raises:
            RefusedError: BackupNotFoundException, TableAlreadyExistsException, TableInUseException or
                ValidationException.
            SnapshotDamagedError: the file of the backup is not whole.
        """
        target, key = required(request, "TargetTableName"), self._id(request)
        refuse_taken(target)
        source = await asyncio.to_thread(snapshot.read, self._snapshot(key))
        return {"TableDescription": await self._restores.begin(source, target, request)}

    def _keep(self, taken: Snapshot, arn: str, name: str) -> Item:
        """Put a backup on disk, its description last, and return that."""
        key = arn.rpartition("/")[2]
        snapshot.write(taken, self._snapshot(key))
        description = described(taken, arn, name, self._snapshot(key).stat().st_size)
        with written(self._folder / f"{key}.json") as file:
            json.dump(description, file)
        return description

    def _snapshot(self, key: str) -> Path:
        return self._folder / f"{key}.jsonl"

    def _id(self, request: Item) -> str:
        arn = required(request, "BackupArn")
        key = arn.rpartition("/")[2]
        if key not in self._known or self._known[key]["BackupDetails"]["BackupArn"] != arn:
            raise RefusedError("BackupNotFoundException", f"Backup not found: {arn}")
        return key

    def _is_wanted(self, key: str, request: Item) -> bool:
        details, table = self._known[key]["BackupDetails"], self._known[key]["SourceTableDetails"]
        account = details["BackupArn"].split(":")[4]
        return (
            account == current_account()
            and request.get("BackupType", "USER") in ("USER", "ALL")
            and table_name(request.get("TableName") or table["TableName"]) == table["TableName"]
            and details["BackupCreationDateTime"] >= float(request.get("TimeRangeLowerBound") or 0)
            and details["BackupCreationDateTime"] < float(request.get("TimeRangeUpperBound") or "inf")
        )


def _name(request: Item) -> str:
    name = required(request, "BackupName")
    if not NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'backupName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ of 3 to 255 characters"
        )
    return name


def _kept(folder: Path) -> Iterator[tuple[str, Item]]:
    """Yield the backups that are whole, by key, and remove the rest of others."""
    for file in folder.iterdir() if folder.exists() else ():
        if file.suffix == ".json":
            yield file.stem, json.loads(file.read_text())
        elif not file.with_suffix(".json").exists():
            file.unlink()
