"""AWS Backup in one Region, as a test asks for it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.pipeline.local.emulator.pairs import PairedRegion
from tests.waiting import eventually

ROLE = "arn:aws:iam::000000000000:role/backup"
ADVANCED = {"DynamoDB": True}
STATES = {"backup": "State", "copy": "State", "restore": "Status"}

Job = dict[str, Any]


class Vault:
    """A vault of a name of its own; DynamoDB's advanced backup features are on in its Region."""

    def __init__(self, region: PairedRegion, name: str = "") -> None:
        self.region = region
        self.name = name or f"vault-{uuid4().hex[:8]}"
        self.backup = region.client("backup")
        if not name:
            self.arn = self.backup.create_backup_vault(BackupVaultName=self.name)["BackupVaultArn"]
        self.backup.update_region_settings(ResourceTypeManagementPreference=ADVANCED)

    def start(self, table: str, **options: object) -> str:
        arn = f"arn:aws:dynamodb:{self.region.name}:000000000000:table/{table}"
        started = self.backup.start_backup_job(
            BackupVaultName=self.name, ResourceArn=arn, IamRoleArn=ROLE, **options
        )
        return str(started["BackupJobId"])

    def back_up(self, table: str, **options: object) -> str:
        """Back the table up, and return the ARN of the recovery point."""
        job = self.ended("backup", self.start(table, **options))
        assert job["State"] == "COMPLETED", job
        return str(job["RecoveryPointArn"])

    def copy(self, arn: str, to: str) -> Job:
        """Copy the recovery point to a vault of that ARN, and return the job as it ended."""
        started = self.backup.start_copy_job(
            RecoveryPointArn=arn,
            SourceBackupVaultName=self.name,
            DestinationBackupVaultArn=to,
            IamRoleArn=ROLE,
        )
        return self.ended("copy", started["CopyJobId"])

    def restore(self, arn: str, table: str) -> Job:
        """Restore the recovery point into a new table, and return the job as it ended."""
        started = self.backup.start_restore_job(
            RecoveryPointArn=arn, Metadata={"targetTableName": table}, IamRoleArn=ROLE
        )
        return self.ended("restore", started["RestoreJobId"])

    def ended(self, kind: str, id_: str) -> Job:
        def end() -> Job | None:
            job = self.job(kind, id_)
            return job if job[STATES[kind]] in ("COMPLETED", "FAILED") else None

        return eventually(end) or {}

    def job(self, kind: str, id_: str) -> Job:
        if kind == "backup":
            return dict(self.backup.describe_backup_job(BackupJobId=id_))
        if kind == "copy":
            return dict(self.backup.describe_copy_job(CopyJobId=id_)["CopyJob"])
        return dict(self.backup.describe_restore_job(RestoreJobId=id_))

    def points(self) -> list[Job]:
        found = self.backup.list_recovery_points_by_backup_vault(BackupVaultName=self.name)
        return list(found["RecoveryPoints"])
