"""The events by which EventBridge tells of restore jobs, and what Lambda tells of a call."""

from typing import Any

TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/awsbackup-restore-test-1"
PLAN = "arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:users-1"
DETAIL = {
    "restoreJobId": "job",
    "status": "COMPLETED",
    "resourceType": "DynamoDB",
    "createdResourceArn": TABLE,
    "restoreTestingPlanArn": PLAN,
}


def event(detail: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    told = {name: value for name, value in {**DETAIL, **(detail or {})}.items() if value is not None}
    return {
        "source": "aws.backup",
        "detail-type": "Restore Job State Change",
        "region": "eu-west-1",
        "resources": ["arn:aws:backup:eu-west-1:111122223333:recovery-point:1"],
        "detail": told,
        **fields,
    }


class Context:
    """What Lambda tells of a call."""

    def __init__(self, seconds: float = 900) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * self._seconds)
