"""What an answer promises is never more than it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.drill.attempt import Operation, Outcome, outcome_of
from tests.pipeline.drill.made import T, attempt


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ACKNOWLEDGED),
        (207, Outcome.ACKNOWLEDGED),
        (304, Outcome.ACKNOWLEDGED),
        (400, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (429, Outcome.REFUSED),
        (500, Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
        (None, Outcome.UNKNOWN),
    ],
)
def test_only_what_is_known_to_come_before_the_write_is_refused(status: int | None, outcome: Outcome) -> None:
    assert outcome_of(status) is outcome


def test_a_fence_refuses_before_the_write() -> None:
    assert outcome_of(503, fenced=True) is Outcome.REFUSED
    assert outcome_of(500, fenced=True) is Outcome.UNKNOWN


def test_an_attempt_without_an_end_is_unknown_and_may_have_written() -> None:
    killed = replace(attempt(Operation.UPDATE), answered=None)
    assert (killed.outcome, killed.region, killed.ended_at) == (Outcome.UNKNOWN, None, T)
    assert killed.may_have_written
    assert killed.failed


@pytest.mark.parametrize(
    ("operation", "status", "may"),
    [
        (Operation.READ, 200, False),
        (Operation.READ, None, False),
        (Operation.CREATE, 201, True),
        (Operation.DELETE, None, True),
        (Operation.UPDATE, 412, False),
    ],
)
def test_reads_and_refusals_leave_no_rows(operation: Operation, status: int | None, may: bool) -> None:
    assert attempt(operation, status=status).may_have_written is may


@pytest.mark.parametrize(
    ("status", "failed"),
    [(200, False), (404, False), (412, False), (403, True), (429, True), (500, True), (None, True)],
)
def test_a_judgement_of_the_request_is_no_failure_of_the_service(status: int | None, failed: bool) -> None:
    assert attempt(status=status).failed is failed
