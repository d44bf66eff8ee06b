"""A restore that AWS Backup made to see whether it can."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class RestoreTest(Struct, frozen=True, kw_only=True):
    """A finished restore job of a restore testing plan, and the ARN of what it made."""

    job_id: str
    created: str


def restore_test_of(event: Mapping[str, Any]) -> RestoreTest | None:
    """Return the restore test that an event of EventBridge says is ready to be validated, if it is about one.

    See https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html. A restore that
    somebody asked for has no plan.
    """
    kind = (event.get("source"), event.get("detail-type"))
    detail = event.get("detail", {})
    if kind != ("aws.backup", "Restore Job State Change") or detail.get("status") != "COMPLETED":
        return None
    if not detail.get("restoreTestingPlanArn") or not detail.get("restoreJobId"):
        return None
    return RestoreTest(job_id=detail["restoreJobId"], created=str(detail.get("createdResourceArn", "")))
