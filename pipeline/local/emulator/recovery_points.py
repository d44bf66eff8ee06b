"""Recovery points in backup vaults: tables as they were, in files that outlive the table and its Region."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

from ministack.core.responses import get_account_id, request_scope

from pipeline.local.emulator import snapshot
from pipeline.local.emulator.backup_state import BackupState
from pipeline.local.emulator.backup_vault import BackupVaults
from pipeline.local.emulator.change import Item
from pipeline.local.emulator.dispatch import RefusedError
from pipeline.local.emulator.snapshot import Snapshot

DYNAMODB = "DynamoDB"


class RecoveryPoints:
    """What backup and copy jobs leave in the vaults of one Region. None of them expires here."""

    def __init__(self, state: BackupState, vaults: BackupVaults) -> None:
        self._state = state
        self._vaults = vaults

    def new_arn(self, table_arn: str, region: str, *, advanced: bool) -> str:
        """Return the ARN of a new recovery point: one of AWS Backup's own, or else one of DynamoDB's.

        https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html
        """
        if advanced:
            return f"arn:aws:backup:{region}:{get_account_id()}:recovery-point:{str(uuid4()).upper()}"
        return f"{table_arn}/backup/{int(time.time() * 1000):014d}-{uuid4().hex[:8]}"

    async def keep(self, taken: Snapshot, point: Item) -> Item:
        """Have a snapshot on disk as the recovery point that `point` describes, and return that."""
        size = await asyncio.to_thread(self._state.write_content, point["RecoveryPointArn"], taken)
        return self._add({**point, "BackupSizeInBytes": size})

    async def receive(self, account: str, point: Item, content: bytes) -> None:
        """Keep a recovery point that another Region sends, on this Region's disk when this returns.

        Raises:
            ValueError: there is no such vault, its lock refuses the copy, or the content is not whole.
        """
        with request_scope(account, self._state.region):
            try:
                if why := self._vaults.outside_retention(point["BackupVaultName"], point.get("Lifecycle")):
                    raise ValueError(why)
                await asyncio.to_thread(self._arrive, point["RecoveryPointArn"], content)
            except RefusedError as refusal:
                raise ValueError(refusal.message) from refusal
            except snapshot.SnapshotDamagedError as damage:
                raise ValueError(str(damage)) from damage
            self._add(point)

    def _arrive(self, arn: str, content: bytes) -> None:
        """Put content on disk, once it is seen to be whole."""
        file = self._state.content(arn)
        arrived = file.with_name(f"{file.name}.arrived")
        arrived.parent.mkdir(parents=True, exist_ok=True)
        try:
            arrived.write_bytes(content)
            snapshot.write(snapshot.read(arrived), file)
        finally:
            arrived.unlink(missing_ok=True)

    def find(self, arn: str, vault: str | None = None) -> Item:
        """Return the record of a recovery point, in the vault of that name if one is given.

        Raises:
            RefusedError: ResourceNotFoundException.
        """
        if vault is not None:
            self._vaults.vault(vault)
        point = self._state.get("points", arn)
        if point is None or vault not in (None, point["BackupVaultName"]):
            raise RefusedError("ResourceNotFoundException", f"Cannot find recovery point {arn}.")
        return point

    def read(self, arn: str) -> Snapshot:
        """Return what a recovery point has. Waits for the disk.

        Raises:
            SnapshotDamagedError: its file is not whole.
            OSError: its file cannot be read.
        """
        return snapshot.read(self._state.content(arn))

    def content(self, arn: str) -> bytes:
        """Return what a recovery point has, as it travels to another Region. Waits for the disk."""
        return self._state.content(arn).read_bytes()

    def of_resource(self, arn: str) -> list[Item]:
        """Return the recovery points of a table, in all vaults."""
        return [each for each in self._state.of_account("points") if each["ResourceArn"] == arn]

    def delete(self, vault: str, arn: str) -> None:
        """Remove a recovery point.

        Raises:
            RefusedError: ResourceNotFoundException, or AccessDeniedException where the vault's policy denies
                it to everybody, or its lock does.
        """
        point = self.find(arn, vault)
        self._vaults.refuse_denied(vault, "DeleteRecoveryPoint")
        self._vaults.refuse_locked(point)
        self._state.remove("points", arn)
        self._state.content(arn).unlink(missing_ok=True)

    def metadata(self, vault: str, arn: str) -> Item:
        """Return what GetRecoveryPointRestoreMetadata tells.

        Raises:
            RefusedError: ResourceNotFoundException.
        """
        point = self.find(arn, vault)
        return {
            "BackupVaultArn": point["BackupVaultArn"],
            "RecoveryPointArn": arn,
            "ResourceType": DYNAMODB,
            "RestoreMetadata": {
                "originalTableName": point["ResourceName"],
                "encryptionType": "Default",
            },
        }

    def _add(self, point: Item) -> Item:
        arn = point["RecoveryPointArn"]
        return self._state.add("points", arn, point)
