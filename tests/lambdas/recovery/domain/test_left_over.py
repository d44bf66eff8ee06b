from datetime import timedelta

import pytest

from lambdas.recovery.domain.left_over import StandingTable, left_overs
from tests.lambdas.conftest import NOON

PREFIX = "awsbackup-restore-test-"


def standing(
    name: str = f"{PREFIX}1", *, hours: float = 25, protected: bool = False, status: str = "ACTIVE"
) -> StandingTable:
    return StandingTable(name=name, created=NOON - timedelta(hours=hours), protected=protected, status=status)


def names(*tables: StandingTable, serving: str = "users") -> list[str]:
    before = NOON - timedelta(hours=24)
    return [table.name for table in left_overs(tables, prefix=PREFIX, before=before, serving=serving)]


def test_an_old_table_of_a_restore_test_is_left_over() -> None:
    assert names(standing()) == [f"{PREFIX}1"]


def test_a_protected_one_is_left_over_too() -> None:
    assert names(standing(protected=True)) == [f"{PREFIX}1"]


@pytest.mark.parametrize(
    "other",
    [
        standing(hours=24),
        standing(hours=0),
        standing("users"),
        standing("users-restored"),
        standing(f"users-{PREFIX}1"),
        standing("awsbackup-restore-tests"),
        standing(PREFIX.upper()),
        standing(status="DELETING"),
    ],
)
def test_no_other_is(other: StandingTable) -> None:
    assert names(other) == []


def test_the_table_that_serves_is_never_left_over() -> None:
    assert names(standing(), serving=f"{PREFIX}1") == []
