"""AWS Backup as a test lays it out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.lambdas.conftest import NOON

ELSEWHERE = "arn:aws:dynamodb:eu-central-1:111122223333:table/users"
YES = {"DynamoDB": True}


def point(hours: float, **fields: object) -> Mapping[str, Any]:
    """A recovery point of the table `users`, of so many hours ago."""
    arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/users"
    created = NOON - timedelta(hours=hours)
    return {"Status": "COMPLETED", "ResourceArn": arn, "CreationDate": created, **fields}


def job(hours: float, *, ended: float | None = None, **fields: object) -> Mapping[str, Any]:
    """A restore job of so many hours ago whose data were found to be right, an hour after it began."""
    return {
        "CreationDate": NOON - timedelta(hours=hours),
        "CompletionDate": NOON - timedelta(hours=hours - 1 if ended is None else ended),
        "ValidationStatus": "SUCCESSFUL",
        **fields,
    }


class Vault:
    """A BackupClient, whose pages have `size` entries, or on which every call fails."""

    def __init__(
        self,
        *,
        points: Sequence[Mapping[str, Any]] = (),
        jobs: Sequence[Mapping[str, Any]] = (),
        opted: Mapping[str, bool] = YES,
        managed: Mapping[str, bool] = YES,
        size: int = 100,
        failure: Exception | None = None,
    ) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.results: list[Mapping[str, str]] = []
        self.updates: list[Mapping[str, Mapping[str, bool]]] = []
        self.failure = failure
        self._points, self._jobs, self._size = points, jobs, size
        self._settings = {
            "ResourceTypeOptInPreference": opted,
            "ResourceTypeManagementPreference": managed,
        }

    def put_restore_validation_result(self, **request: str) -> Mapping[str, Any]:
        self._fail()
        self.results.append(request)
        return {}

    def list_recovery_points_by_backup_vault(self, **request: str) -> Mapping[str, Any]:
        return self._page("RecoveryPoints", self._points, request)

    def list_restore_jobs(self, **request: str) -> Mapping[str, Any]:
        return self._page("RestoreJobs", self._jobs, request)

    def describe_region_settings(self) -> Mapping[str, Any]:
        self._fail()
        return self._settings

    def update_region_settings(self, **request: Mapping[str, bool]) -> Mapping[str, Any]:
        self._fail()
        self.updates.append(request)
        self._settings.update(request)
        return {}

    def _page(
        self, field: str, entries: Sequence[Mapping[str, Any]], request: Mapping[str, str]
    ) -> Mapping[str, Any]:
        self._fail()
        self.asked.append(request)
        start = int(request.get("NextToken", 0))
        end = start + self._size
        return {field: entries[start:end], **({"NextToken": str(end)} if end < len(entries) else {})}

    def _fail(self) -> None:
        if self.failure:
            raise self.failure
