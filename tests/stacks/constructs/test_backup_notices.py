"""The notices: every job that failed is told, and no other."""

from typing import Any

import pytest

from tests.stacks.assembly import Assembly, Stack

JOBS = {
    "Backup": (
        "state",
        ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"],
        ["CREATED", "PENDING", "RUNNING", "COMPLETED"],
    ),
    "Copy": ("state", ["FAILED", "PARTIAL"], ["CREATED", "RUNNING", "COMPLETED"]),
    "Restore": ("status", ["ABORTED", "FAILED"], ["PENDING", "RUNNING", "COMPLETED"]),
}


@pytest.fixture(params=["ProdPrimary-Backup", "ProdSecondary-Backup"])
def stack(request: pytest.FixtureRequest, assembly: Assembly) -> Stack:
    return assembly.stacks[request.param]


def told(stack: Stack, event: dict[str, Any]) -> list[str]:
    """Where an event is told: the targets of each rule that it matches, functions left out."""
    return [
        target["Arn"]
        for rule in stack.of_type("AWS::Events::Rule").values()
        if _matches(event, rule["Properties"].get("EventPattern", {"source": []}))
        for target in rule["Properties"]["Targets"]
        if isinstance(target["Arn"], str)
    ]


def _matches(value: Any, pattern: Any) -> bool:  # noqa: ANN401 - JSON
    """EventBridge's rule for patterns of objects and lists of allowed values."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            _matches(value.get(key), each) for key, each in pattern.items()
        )
    return value in pattern


def event(job: str, state: str) -> dict[str, Any]:
    field, _, _ = JOBS[job]
    return {"source": "aws.backup", "detail-type": f"{job} Job State Change", "detail": {field: state}}


@pytest.mark.parametrize(("job", "state"), [(job, state) for job in JOBS for state in JOBS[job][1]])
def test_a_job_that_failed_is_told_once_to_the_topic_of_its_region(
    stack: Stack, job: str, state: str
) -> None:
    arn = f"arn:aws:sns:{stack.region}:222222222222:users-prod-alarms"
    assert told(stack, event(job, state)) == [arn]


@pytest.mark.parametrize(("job", "state"), [(job, state) for job in JOBS for state in JOBS[job][2]])
def test_a_job_that_did_its_work_is_not_told(stack: Stack, job: str, state: str) -> None:
    assert told(stack, event(job, state)) == []


def test_what_another_service_says_is_not_told(stack: Stack) -> None:
    assert told(stack, event("Copy", "FAILED") | {"source": "users"}) == []
