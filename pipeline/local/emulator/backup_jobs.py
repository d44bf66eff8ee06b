"""AWS Backup's backup jobs: a table as it was when one was asked for becomes a recovery point in a vault."""

from __future__ import annotations

import asyncio
import time

from ministack.core.responses import get_account_id, get_region
from ministack.services import dynamodb

from pipeline.local.emulator import snapshot
from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.backup_vault import BackupVaults
from pipeline.local.emulator.change import Item, now
from pipeline.local.emulator.dispatch import CREATING, RefusedError, table_name
from pipeline.local.emulator.job_log import BACKUP, COMPLETED, JobLog, invalid, required, started
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.recovery_points import DYNAMODB, RecoveryPoints

OF_JOB = (
    *("BackupVaultName", "BackupVaultArn", "ResourceArn", "ResourceName", "ResourceType", "IamRoleArn"),
    *("RecoveryPointArn", "CreationDate", "_tags"),
)


class BackupJobs:
    """StartBackupJob of one Region; a job that a kill cut off has FAILED, and left no recovery point.

    Args:
        state: the Region's records.
        vaults: its vaults, and `points`, the recovery points in them.
        journal: what a table is read from.
    """

    def __init__(
        self, state: BackupState, vaults: BackupVaults, points: RecoveryPoints, journal: Journal
    ) -> None:
        self._state = state
        self._vaults = vaults
        self._points = points
        self._journal = journal
        self._log = JobLog(state, BACKUP)

    def start(self, request: Item) -> Item:
        """Answer StartBackupJob: the table as of now, to the µs.

        Raises:
            RefusedError: ResourceNotFoundException, MissingParameterValueException or
                InvalidParameterValueException.
        """
        vault = self._vaults.vault(required(request, "BackupVaultName"))
        arn, at = required(request, "ResourceArn"), now()
        if not arn.startswith(f"arn:aws:dynamodb:{get_region()}:{get_account_id()}:table/"):
            raise invalid(f"{arn} is not the ARN of a DynamoDB table of this account and Region.")
        if (name := table_name(arn)) not in dynamodb._tables:
            raise RefusedError("ResourceNotFoundException", f"Table not found: {name}")
        job = self._log.repeated(request)
        if job is None:
            wanted = {
                **{part: vault[part] for part in ("BackupVaultName", "BackupVaultArn")},
                "ResourceArn": arn,
                "ResourceName": name,
                "RecoveryPointArn": self._points.new_arn(arn, get_region(), advanced=self._is_advanced()),
                "RecoveryPointLifecycle": request.get("Lifecycle") or {},
                "_tags": request.get("RecoveryPointTags") or {},
            }
            job = self._log.begin(wanted, request, lambda accepted: self._back_up(accepted, at))
        return started(job, "BackupJobId", "RecoveryPointArn", "CreationDate")

    def resume(self) -> None:
        """End what a former process had not finished; to be called on the loop."""
        self._log.fail_unfinished()

    async def _back_up(self, job: Item, at: int) -> None:
        name, lifecycle = job["ResourceName"], job["RecoveryPointLifecycle"]
        if (known := dynamodb._tables.get(name)) and known["TableStatus"] == CREATING:
            raise ValueError(f"Table is being created: {name}")
        if why := self._vaults.outside_retention(job["BackupVaultName"], lifecycle):
            raise ValueError(why)
        taken = await asyncio.to_thread(snapshot.taken, self._journal, f"{job['AccountId']}/{name}", at)
        if taken is None:
            raise ValueError(f"Table not found: {name}")
        point = {part: job[part] for part in OF_JOB}
        point |= {
            "Status": COMPLETED,
            "CompletionDate": round(time.time(), 3),
            "Lifecycle": lifecycle,
            "IsEncrypted": True,
        }
        kept = await self._points.keep(taken, point)
        job["BackupSizeInBytes"] = job["BytesTransferred"] = kept["BackupSizeInBytes"]

    def _is_advanced(self) -> bool:
        settings = self._state.get("settings", get_account_id()) or {}
        return bool((settings.get("ResourceTypeManagementPreference") or {}).get(DYNAMODB))
