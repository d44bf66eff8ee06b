"""AWS Backup's copy jobs: a recovery point becomes another one, in a vault of this Region or another one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.dispatch import RefusedError
from pipeline.local.emulator.job_log import COPY, JobLog, invalid, required, started
from pipeline.local.emulator.peer import Peer
from pipeline.local.emulator.recovery_points import RecoveryPoints


class CopyJobs:
    """StartCopyJob of one Region; a job that a kill cut off has FAILED.

    Args:
        state: the Region's records.
        points: its recovery points.
        peers: the other Regions by name.
    """

    def __init__(self, state: BackupState, points: RecoveryPoints, peers: Mapping[str, Peer]) -> None:
        self._region = state.region
        self._points = points
        self._peers = peers
        self._log = JobLog(state, COPY)

    def start(self, request: Item) -> Item:
        """Answer StartCopyJob; the other Region has the content on its own disk when the job is COMPLETED.

        Raises:
            RefusedError: ResourceNotFoundException, MissingParameterValueException,
                InvalidParameterValueException, or, for a recovery point that DynamoDB manages,
                InvalidRequestException
                (https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html).
        """
        vault, arn = required(request, "SourceBackupVaultName"), required(request, "RecoveryPointArn")
        point, destination = self._points.find(arn, vault), required(request, "DestinationBackupVaultArn")
        parts = destination.split(":")
        if len(parts) != 7 or parts[2] != "backup" or parts[5] != "backup-vault":
            raise invalid(f"{destination} is not the ARN of a backup vault.")
        if not arn.startswith("arn:aws:backup:"):
            message = "Advanced features of DynamoDB backups are off, so a recovery point cannot be copied."
            raise RefusedError("InvalidRequestException", message)
        job = self._log.repeated(request)
        if job is None:
            wanted = {
                "SourceBackupVaultArn": point["BackupVaultArn"],
                "SourceRecoveryPointArn": arn,
                "DestinationBackupVaultArn": destination,
                "DestinationRecoveryPointArn": self._points.new_arn("", parts[3], advanced=True),
                "DestinationRecoveryPointLifecycle": request.get("Lifecycle") or {},
                **{part: point[part] for part in ("ResourceArn", "ResourceName", "BackupSizeInBytes")},
            }
            job = self._log.begin(wanted, request, lambda accepted: self._copy(accepted, point))
        return started(job, "CopyJobId", "CreationDate")

    def resume(self) -> None:
        """End what a former process had not finished; to be called on the loop."""
        self._log.fail_unfinished()

    async def _copy(self, job: Item, source: Item) -> None:
        _, _, _, region, account, _, vault = job["DestinationBackupVaultArn"].split(":")
        point = {
            **{name: value for name, value in source.items() if name != "AccountId"},
            "RecoveryPointArn": job["DestinationRecoveryPointArn"],
            "BackupVaultName": vault,
            "BackupVaultArn": job["DestinationBackupVaultArn"],
            "SourceBackupVaultArn": job["SourceBackupVaultArn"],
            "Lifecycle": job["DestinationRecoveryPointLifecycle"],
        }
        content = await asyncio.to_thread(self._points.content, source["RecoveryPointArn"])
        if region == self._region:
            await self._points.receive(account, point, content)
        elif region in self._peers:
            query = {"account": account, "point": json.dumps(point)}
            await asyncio.to_thread(self._peers[region].send, "recovery-points", query, content)
        else:
            raise ValueError(f"There is no Region {region}")
