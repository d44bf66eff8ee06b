from typing import Any

import pytest

from lambdas.recovery.domain.restore_test import RestoreTest, restore_test_of
from tests.lambdas.recovery.restoring import TABLE, event


def test_a_finished_restore_test_is_one() -> None:
    assert restore_test_of(event()) == RestoreTest(job_id="job", created=TABLE)


def test_one_that_says_not_what_it_made_is_one_too() -> None:
    assert restore_test_of(event({"createdResourceArn": None})) == RestoreTest(job_id="job", created="")


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"source": "aws.backup"},
        event({"status": "RUNNING"}),
        event({"status": "FAILED"}),
        event({"restoreTestingPlanArn": None}),
        event({"restoreJobId": None}),
        event(source="users"),
        event({}, **{"detail-type": "Backup Job State Change"}),
    ],
)
def test_everything_else_is_none(other: dict[str, Any]) -> None:
    assert restore_test_of(other) is None
