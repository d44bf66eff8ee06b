"""AWS Backup in one region: what it has, what it restored, and what it is told of that."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from lambdas.recovery.domain.arn import table_of

DYNAMODB = "DynamoDB"
OPT_IN, MANAGEMENT = "ResourceTypeOptInPreference", "ResourceTypeManagementPreference"
MOST_CHARACTERS = 1000  # of a message; no reference bounds it

Answer = Mapping[str, Any]


class BackupClient(Protocol):
    """The part of botocore's AWS Backup client that is used."""

    def put_restore_validation_result(self, **request: str) -> Answer:
        """Take the result for a restore job."""

    def list_recovery_points_by_backup_vault(self, **request: str) -> Answer:
        """List a page of what a vault has."""

    def list_restore_jobs(self, **request: str) -> Answer:
        """List a page of restore jobs."""

    def describe_region_settings(self) -> Answer:
        """Return which types of resources are backed up, and which of them by AWS Backup alone."""

    def update_region_settings(self, **request: Mapping[str, bool]) -> Answer:
        """Change either of the two."""


class BackupRefused(Exception):
    """AWS Backup refused a request, or did not answer; the text says which and why."""


class Backup:
    """AWS Backup by its client; each method raises BackupRefused."""

    def __init__(self, client: BackupClient) -> None:
        self._client = client

    def tell(self, job_id: str, *, status: str, message: str) -> None:
        """Give the result of a validation, `SUCCESSFUL` or `FAILED`, for a restore job.

        See https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutRestoreValidationResult.html.
        """
        _asked(
            self._client.put_restore_validation_result,
            RestoreJobId=job_id,
            ValidationStatus=status,
            ValidationStatusMessage=message[:MOST_CHARACTERS],
        )

    def newest_recovery_point(self, vault: str, *, table: str) -> datetime | None:
        """Return when the newest finished recovery point of a table in a vault was begun.

        The table is found by its name, since a copy from another region has the ARN of the table there.
        """
        points = _pages(
            self._client.list_recovery_points_by_backup_vault,
            "RecoveryPoints",
            BackupVaultName=vault,
            ByResourceType=DYNAMODB,
        )
        return max(
            (
                point["CreationDate"]
                for point in points
                if point.get("Status") == "COMPLETED" and table_of(point.get("ResourceArn", "")) == table
            ),
            default=None,
        )

    def newest_validation(self, plan_arn: str) -> datetime | None:
        """Return when the newest restore test of a plan ended of which the data were found to be right."""
        jobs = _pages(self._client.list_restore_jobs, "RestoreJobs", ByRestoreTestingPlanArn=plan_arn)
        return max(
            (
                job.get("CompletionDate", job["CreationDate"])
                for job in jobs
                if job.get("ValidationStatus") == "SUCCESSFUL"
            ),
            default=None,
        )

    def opted_in(self) -> bool:
        """Tell whether tables are backed up here, with all that copies to another region ask for."""
        settings = _asked(self._client.describe_region_settings)
        return all(bool(settings.get(name, {}).get(DYNAMODB)) for name in (OPT_IN, MANAGEMENT))

    def opt_in(self) -> None:
        """Have tables backed up so; every other type is sent as it is.

        No reference says whether a type that is left out keeps its setting.
        See https://docs.aws.amazon.com/aws-backup/latest/devguide/advanced-ddb-backup.html.
        """
        settings = _asked(self._client.describe_region_settings)
        wanted = {name: {**settings.get(name, {}), DYNAMODB: True} for name in (OPT_IN, MANAGEMENT)}
        if any(settings.get(name) != wanted[name] for name in wanted):
            _asked(self._client.update_region_settings, **wanted)


def backup(region: str, *, connect_seconds: float = 2, read_seconds: float = 10, attempts: int = 5) -> Backup:
    """Return AWS Backup in a region; a call ends after five tries of 12 s at the latest, or as it is told."""
    config = Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    client = get_session().create_client("backup", region_name=region, config=config)
    return Backup(cast(BackupClient, client))  # botocore makes its methods at run time


def _pages(ask: Callable[..., Answer], field: str, **request: str) -> Iterator[Answer]:
    """Yield what a field of every page holds."""
    token: dict[str, str] = {}
    while True:
        page = _asked(ask, **request, **token)
        yield from page.get(field, ())
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _asked(ask: Callable[..., Answer], **request: object) -> Answer:
    """Return the answer to a request; raises BackupRefused."""
    try:
        return ask(**request)
    except ClientError as error:
        raise BackupRefused(f"{error.operation_name}: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise BackupRefused(f"no answer: {type(error).__name__}") from error
