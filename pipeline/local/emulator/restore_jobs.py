"""AWS Backup's restore jobs: a recovery point becomes a new table, and somebody says whether it is right."""

from __future__ import annotations

import asyncio

from ministack.core.responses import request_scope
from ministack.services import dynamodb

from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.dispatch import RefusedError
from pipeline.local.emulator.job_log import COMPLETED, KILLED, RESTORE, JobLog, invalid, required, started
from pipeline.local.emulator.recovery_points import DYNAMODB, RecoveryPoints
from pipeline.local.emulator.restores import Restores

VALIDATIONS = ("FAILED", "SUCCESSFUL", "TIMED_OUT", "VALIDATING")
OF_POINT = {
    "RecoveryPointArn": "RecoveryPointArn",
    "RecoveryPointCreationDate": "CreationDate",
    "SourceResourceArn": "ResourceArn",
    "BackupVaultArn": "BackupVaultArn",
    "BackupSizeInBytes": "BackupSizeInBytes",
}


class RestoreJobs:
    """StartRestoreJob and PutRestoreValidationResult of one Region.

    A job that a kill cut off goes on where its table is there already, and has FAILED otherwise.

    Args:
        state: the Region's records.
        points: its recovery points.
        restores: what fills the tables that are restored.
    """

    def __init__(self, state: BackupState, points: RecoveryPoints, restores: Restores) -> None:
        self._state = state
        self._points = points
        self._restores = restores
        self._log = JobLog(state, RESTORE)

    def start(self, request: Item) -> Item:
        """Answer StartRestoreJob: `targetTableName` of its Metadata names the new table.

        https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-dynamodb.html

        Raises:
            RefusedError: ResourceNotFoundException, MissingParameterValueException or
                InvalidParameterValueException.
        """
        point = self._points.find(required(request, "RecoveryPointArn"))
        metadata = request.get("Metadata") or {}
        if not metadata.get("targetTableName"):
            raise invalid("Metadata must have targetTableName.")
        if request.get("ResourceType", DYNAMODB) != DYNAMODB:
            raise invalid(f"The recovery point is of {DYNAMODB}, not of {request['ResourceType']}.")
        job = self._log.repeated(request)
        if job is None:
            wanted = {name: point[of] for name, of in OF_POINT.items()}
            job = self._log.begin({**wanted, "_metadata": metadata}, request, self._restore)
        return started(job, "RestoreJobId")

    def validate(self, job: Item, request: Item) -> None:
        """Do PutRestoreValidationResult.

        Raises:
            RefusedError: MissingParameterValueException, InvalidParameterValueException, or
                InvalidRequestException before the job is done.
        """
        status, message = required(request, "ValidationStatus"), request.get("ValidationStatusMessage")
        if status not in VALIDATIONS:
            raise invalid(f"ValidationStatus is one of {', '.join(VALIDATIONS)}.")
        if job["Status"] != COMPLETED:
            raise RefusedError("InvalidRequestException", f"The restore job is {job['Status']}.")
        job["ValidationStatus"] = status
        job["ValidationStatusMessage"] = message or ""
        self._state.save()

    def resume(self) -> None:
        """Go on with, or end, what is unfinished; to be called on the loop, after `Restores.resume`."""
        for job in self._log.unfinished():
            with request_scope(job["AccountId"], self._state.region):
                if self._table(job):
                    self._log.run(job, self._filled(job))
                else:
                    self._log.end(job, KILLED)

    async def _restore(self, job: Item) -> None:
        taken = await asyncio.to_thread(self._points.read, job["RecoveryPointArn"])
        request = {"BackupArn": job["RecoveryPointArn"]}
        made = await self._restores.begin(taken, job["_metadata"]["targetTableName"], request)
        job["CreatedResourceArn"] = made["TableArn"]
        self._state.save()
        await self._filled(job)

    async def _filled(self, job: Item) -> None:
        name = job["_metadata"]["targetTableName"]
        await self._restores.filled(f"{job['AccountId']}/{name}")
        table = self._table(job)
        if table is None or table["TableStatus"] != "ACTIVE":
            raise ValueError(f"Table {name} was not filled")
        job["CreatedResourceArn"] = table["TableArn"]

    def _table(self, job: Item) -> Item | None:
        """Return the table that a job has made, if it is there."""
        table: Item | None = dynamodb._tables.get(job["_metadata"]["targetTableName"])
        source = ((table or {}).get("RestoreSummary") or {}).get("SourceBackupArn")
        return table if source == job["RecoveryPointArn"] else None
