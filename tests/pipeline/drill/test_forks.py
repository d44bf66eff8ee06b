"""Where two versions are and one should be, both are listed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.drill.attempt import Attempt, Operation
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.forks import forks, several_users
from pipeline.drill.rows import union
from tests.pipeline.drill.made import (
    ADA,
    THERE,
    Rows,
    attempt,
    history,
    stored,
    tabled,
    version,
    version_id,
)

FORK = history(version(3, region=THERE, supersedes=version_id(1)))


def found(*rows: Rows, before: Sequence[Rows] = ()) -> Sequence[Finding]:
    return forks(union(tabled(*rows)), union(tabled(*before)))


def test_two_regions_that_wrote_at_once_are_a_note_with_both_versions() -> None:
    (fork,) = found(version(1), version(2), FORK)
    assert (fork.invariant, fork.severity) == (Invariant.FORK, Severity.NOTE)
    assert fork.evidence == ("ada", version_id(2), version_id(3, THERE))
    assert version_id(1) in fork.sentence


def test_one_region_that_wrote_both_is_a_violation() -> None:
    (fork,) = found(version(1), version(2), version(3, supersedes=version_id(1)))
    assert fork.severity is Severity.VIOLATION


def test_a_user_whom_both_regions_created_is_a_fork() -> None:
    (fork,) = found(version(1), history(version(2, change="created", region=THERE)))
    assert (fork.severity, fork.evidence[1:]) == (Severity.NOTE, (version_id(1), version_id(2, THERE)))


def test_a_user_whom_one_region_created_twice_is_a_violation() -> None:
    (fork,) = found(version(1), history(version(2, change="created")))
    assert fork.severity is Severity.VIOLATION


@pytest.mark.parametrize(
    "rows",
    [
        [version(1), version(2), version(3)],
        [history(version(1)), version(3, change="deleted"), version(9, life=9)],
    ],
)
def test_what_follows_one_another_is_no_fork(rows: Sequence[Rows]) -> None:
    assert found(*rows) == []


def test_a_fork_of_an_earlier_drill_is_not_of_this_one() -> None:
    rows = [version(1), version(2), FORK]
    assert found(*rows, before=rows) == []
    assert len(found(*rows, before=rows[:2])) == 1


def created(user_id: str | None, *, key: str | None = "k", status: int | None = 201) -> Attempt:
    told = () if user_id is None else (stored(1, user_id=user_id),)
    return attempt(Operation.CREATE, status=status, fields=ADA, stored=told, key=key)


@pytest.mark.parametrize(
    ("attempts", "users"),
    [
        ([created("ada"), created("ada")], ["ada"]),
        ([created(None, status=None), created("ada")], ["ada"]),
        ([created("ada")], []),
        ([created("ada", key=None), created("bob", key=None)], ["ada", "bob"]),
        ([created("ada"), created("bob", key="other")], ["ada"]),
    ],
)
def test_a_key_with_one_user_is_fine(attempts: Sequence[Attempt], users: Sequence[str]) -> None:
    histories = union(tabled(*(version(1, user_id=user_id) for user_id in users)))
    assert several_users(attempts, histories) == []


@pytest.mark.parametrize(
    ("attempts", "users"),
    [
        ([created("ada"), created("bob")], []),  # two answers
        ([created("ada")], ["ada", "bob"]),  # an answer, and rows that it does not name
        ([created(None, status=None)], ["ada", "bob"]),  # rows alone
    ],
)
def test_a_key_with_two_users_is_a_violation_that_names_them(
    attempts: Sequence[Attempt], users: Sequence[str]
) -> None:
    histories = union(tabled(*(version(1, user_id=user_id) for user_id in users)))
    (finding,) = several_users(attempts, histories)
    assert (finding.invariant, finding.severity) == (Invariant.ONE_KEY, Severity.VIOLATION)
    assert finding.evidence == ("k", "ada@drill.example", "ada", "bob")


def test_a_user_whom_both_regions_created_under_one_id_is_one_user() -> None:
    there = history(version(2, change="created", region=THERE))
    histories = union(tabled(version(1)), tabled(there, region=THERE))
    assert several_users([created("ada")], histories) == []
