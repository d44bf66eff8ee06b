"""Point-in-time recovery: its window, and tables restored from the journal as they were within it."""

from __future__ import annotations

import asyncio
from typing import Any

from ministack.services import dynamodb

from pipeline.local.emulator import recovery_window, snapshot
from pipeline.local.emulator.change import Item, now
from pipeline.local.emulator.dispatch import Operation, RefusedError, invalid, required, table_name
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.recovery_window import LONGEST_DAYS, SECOND_US, Window
from pipeline.local.emulator.restored_table import refuse_taken
from pipeline.local.emulator.restores import Restores
from pipeline.local.emulator.tables import Tables, current_account

PERIOD = "pointInTimeRecoverySpecification.recoveryPeriodInDays"
OUTSIDE = (
    "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime "
    "and LatestRestorableDateTime."
)


class ContinuousBackups:
    """DescribeContinuousBackups, UpdateContinuousBackups and RestoreTableToPointInTime of one Region.

    Two things are not as on AWS. A table can be restored up to now, which AWS reaches within 5 minutes. And a
    restored table has the indexes, capacity and encryption that its source had at that instant; on AWS it
    has those of today (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).

    Args:
        tables: this Region's tables, whose definitions say since when each can be restored.
        journal: this Region's journal, which has every change since then.
        restores: fills the tables that are restored.
    """

    def __init__(self, tables: Tables, journal: Journal, restores: Restores) -> None:
        self._tables = tables
        self._journal = journal
        self._restores = restores

    def operations(self) -> dict[str, Operation]:
        """Return what is answered here, by the operation's name."""
        return {
            "DescribeContinuousBackups": self.describe,
            "UpdateContinuousBackups": self.update,
            "RestoreTableToPointInTime": self.restore,
        }

    async def describe(self, request: Item) -> Item:
        """Answer DescribeContinuousBackups; times are whole seconds within the window.

        Raises:
            RefusedError: TableNotFoundException or ValidationException.
        """
        name = _existing(required(request, "TableName"))
        return {"ContinuousBackupsDescription": _description(self._window(name), now())}

    async def update(self, request: Item) -> Item:
        """Answer UpdateContinuousBackups: switched off and on again, the window begins anew.

        Raises:
            RefusedError: TableNotFoundException, ContinuousBackupsUnavailableException or
                ValidationException.
        """
        name = _existing(required(request, "TableName"))
        specification: dict[str, Any] = request.get("PointInTimeRecoverySpecification") or {}
        _check(specification)
        if dynamodb._tables[name]["TableStatus"] == "CREATING":
            message = f"Backups are being enabled for the table: {name}. Please retry later"
            raise RefusedError("ContinuousBackupsUnavailableException", message)
        dynamodb._pitr_settings[name] = recovery_window.setting(specification)
        self._tables.record_definitions()
        return await self.describe(request)

    async def restore(self, request: Item) -> Item:
        """Answer RestoreTableToPointInTime once the journal was read; the table is filled afterwards.

        All writes count that were stamped no later than RestoreDateTime, to the µs.

        Raises:
            RefusedError: TableNotFoundException, TableAlreadyExistsException, TableInUseException,
                PointInTimeRecoveryUnavailableException, InvalidRestoreTimeException or ValidationException.
        """
        target = required(request, "TargetTableName")
        latest, asked = bool(request.get("UseLatestRestorableTime")), request.get("RestoreDateTime")
        if latest == (asked is not None):
            raise invalid("Specify either RestoreDateTime or UseLatestRestorableTime")
        name = _source(request)
        window, present = self._window(name), now()
        if window is None:
            message = f"Point in time recovery is not enabled for table '{name}'"
            raise RefusedError("PointInTimeRecoveryUnavailableException", message)
        refuse_taken(target)
        at = present if asked is None else round(float(asked) * SECOND_US)
        if not window.earliest(present) <= at <= present:
            raise RefusedError("InvalidRestoreTimeException", OUTSIDE)
        then = await asyncio.to_thread(snapshot.taken, self._journal, f"{current_account()}/{name}", at)
        if then is None:
            raise RefusedError("InvalidRestoreTimeException", OUTSIDE)
        return {"TableDescription": await self._restores.begin(then, target, request)}

    def _window(self, name: str) -> Window | None:
        known = self._tables.definition_of(f"{current_account()}/{name}")
        return recovery_window.window(known and known["pitr"])


def _description(window: Window | None, present: int) -> Item:
    """Return what AWS tells of a window at `present` µs since the epoch."""
    recovery: Item = {"PointInTimeRecoveryStatus": "ENABLED" if window else "DISABLED"}
    if window:
        recovery["RecoveryPeriodInDays"] = window.days
        recovery["EarliestRestorableDateTime"] = -(-window.earliest(present) // SECOND_US)
        recovery["LatestRestorableDateTime"] = present // SECOND_US
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}


def _existing(reference: str, what: str = "Table") -> str:
    if (name := table_name(reference)) not in dynamodb._tables:
        raise RefusedError("TableNotFoundException", f"{what} not found: {reference}")
    return name


def _source(request: Item) -> str:
    name, arn = request.get("SourceTableName"), request.get("SourceTableArn")
    if not (name or arn):
        raise invalid("Specify either SourceTableName or SourceTableArn")
    return _existing(str(name or arn), "Source table")


def _check(specification: dict[str, Any]) -> None:
    if not isinstance(specification.get("PointInTimeRecoveryEnabled"), bool):
        raise invalid(
            "1 validation error detected: Value null at "
            "'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy constraint: "
            "Member must not be null"
        )
    days = specification.get("RecoveryPeriodInDays", LONGEST_DAYS)
    if not 1 <= days <= LONGEST_DAYS:
        bound = "greater than or equal to 1" if days < 1 else f"less than or equal to {LONGEST_DAYS}"
        raise invalid(
            f"1 validation error detected: Value '{days}' at '{PERIOD}' failed to satisfy constraint: "
            f"Member must have value {bound}"
        )
