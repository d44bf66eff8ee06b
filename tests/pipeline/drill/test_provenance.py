"""Whatever is in the table was sent by somebody, and only as often as it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pytest

from pipeline.drill.attempt import Answered, Asked, Attempt, ClientKind, Operation, Outcome, Wanted
from pipeline.drill.finding import Invariant
from pipeline.drill.provenance import unexplained
from pipeline.drill.rows import union
from tests.pipeline.drill.made import (
    ADA,
    HERE,
    THERE,
    Rows,
    T,
    attempt,
    history,
    stored,
    tabled,
    version,
    version_id,
)


def created(status: int | None = 201, **changes: str | int) -> Attempt:
    told = (stored(1),) if status == 201 else ()
    return attempt(Operation.CREATE, status=status, fields={**ADA, **changes}, stored=told, key="k")


def updated(number: int, age: int, status: int | None = 200, user_id: str = "ada") -> Attempt:
    told = (stored(number),) if status == 200 else ()
    return attempt(Operation.UPDATE, status=status, user_id=user_id, fields={"age": age}, stored=told)


def found(attempts: Sequence[Attempt], *rows: Rows, before: Sequence[Rows] = ()) -> list[StrEnum]:
    findings = unexplained(attempts, union(tabled(*rows)), union(tabled(*before)))
    return [finding.invariant for finding in findings]


ONE, TWO = version(1), version(2, profile={"age": 37})
TWIN = version(3, profile={"age": 37}, supersedes=version_id(2))


@pytest.mark.parametrize("status", [201, None])
def test_what_was_acknowledged_and_what_may_have_been_done_explain_a_version(status: int | None) -> None:
    assert found([created(status)], ONE) == []


@pytest.mark.parametrize("status", [200, None])
def test_an_update_explains_the_change_that_it_sent(status: int | None) -> None:
    assert found([created(), updated(2, 37, status)], ONE, TWO) == []


def test_an_unknown_write_need_not_be_there() -> None:
    assert found([created(), updated(2, 37, None)], ONE) == []


@pytest.mark.parametrize(
    "attempts",
    [
        [],
        [created(409)],
        [created(None, age=37)],
        [created(None, email="other@drill.example")],
        [updated(1, 36, None)],
        [attempt(Operation.DELETE, status=None, user_id="ada")],
    ],
)
def test_a_user_whom_nobody_sent_is_a_phantom(attempts: Sequence[Attempt]) -> None:
    assert found(attempts, ONE) == [Invariant.PHANTOM]


@pytest.mark.parametrize(
    "attempts",
    [[], [updated(2, 37, 412)], [updated(2, 38, None)], [updated(2, 37, None, "grace")]],
)
def test_a_change_that_nobody_sent_is_a_phantom(attempts: Sequence[Attempt]) -> None:
    assert found([created(), *attempts], ONE, TWO) == [Invariant.PHANTOM]


def test_a_change_that_was_sent_but_changes_more_is_a_phantom() -> None:
    more = version(2, profile={"age": 37, "phone": "1"})
    assert found([created(), updated(2, 37, None)], ONE, more) == [Invariant.PHANTOM]


def test_a_change_that_changes_nothing_is_explained() -> None:
    assert found([created(), updated(2, 36, None)], ONE, version(2)) == []


def test_a_field_that_was_removed_is_explained() -> None:
    removal = attempt(Operation.UPDATE, status=None, user_id="ada", fields={"phone": None})
    assert found([created(phone="1"), removal], version(1, profile={"phone": "1"}), version(2)) == []


def test_a_change_whose_former_version_is_gone_is_explained_by_what_it_says() -> None:
    assert found([updated(2, 37, None)], TWO) == []
    assert found([updated(2, 38, None)], TWO) == [Invariant.PHANTOM]


def test_an_answer_must_name_what_was_sent() -> None:
    assert found([created(), updated(2, 38)], ONE, TWO) == [Invariant.ALTERED]
    assert found([created(name="Grace")], ONE) == [Invariant.ALTERED]


def test_a_retry_explains_one_version_more_and_not_two() -> None:
    retried = [created(), updated(2, 37, None), updated(3, 37)]
    third = version(4, profile={"age": 37}, supersedes=version_id(3))
    assert found(retried, ONE, TWO, TWIN) == []
    assert found(retried, ONE, TWO, TWIN, third) == [Invariant.TWICE]


def test_an_acknowledged_write_that_is_there_again_was_written_twice() -> None:
    assert found([created(), updated(2, 37)], ONE, TWO, TWIN) == [Invariant.TWICE]


def test_a_user_that_both_regions_created_for_two_attempts_is_explained() -> None:
    there = history(version(2, region=THERE, change="created"))
    assert found([created(None), created()], ONE, there) == []


def test_a_second_user_of_one_request_was_written_twice() -> None:
    assert found([created()], ONE, version(1, user_id="ada-2")) == [Invariant.TWICE]


def test_as_many_deletions_are_explained_as_were_sent() -> None:
    gone, again = version(3, change="deleted"), version(4, change="deleted")
    one = attempt(Operation.DELETE, user_id="ada")
    maybe = attempt(Operation.DELETE, status=None, user_id="ada")
    assert found([one], gone) == []
    assert found([one, maybe], gone, again) == []
    assert found([one], gone, again) == [Invariant.TWICE]
    assert found([], gone) == [Invariant.PHANTOM]


def test_what_was_there_before_the_drill_needs_no_explanation() -> None:
    assert found([updated(2, 37)], ONE, TWO, before=[ONE]) == []


def test_a_user_whom_a_batch_left_out_may_be_there_once() -> None:
    wanted = (Wanted(fields=ADA), Wanted(fields={**ADA, "name": "Grace", "email": "G@drill.example"}))
    asked = Asked(
        id="a",
        write="w",
        client="c",
        kind=ClientKind.OBEYS_TTL,
        operation=Operation.BATCH,
        users=wanted,
        sent_at=T,
    )
    answered = Answered(
        id="a", answered_at=T, outcome=Outcome.ACKNOWLEDGED, status=207, region=HERE, users=(stored(1),)
    )
    batch = Attempt(asked=asked, answered=answered)
    grace = {"name": "Grace", "email": "g@drill.example"}
    rows = [version(1, user_id=user_id, profile=grace) for user_id in ("grace", "grace-2")]
    assert found([batch], ONE, rows[0]) == []
    assert found([batch], ONE, *rows) == [Invariant.TWICE]


@pytest.mark.parametrize(("status", "invariant"), [(200, Invariant.ALTERED), (None, Invariant.PHANTOM)])
def test_a_write_with_a_condition_makes_only_the_version_after_the_one_that_it_names(
    status: int | None, invariant: Invariant
) -> None:
    def conditional(former: int) -> Attempt:
        told = () if status is None else (stored(2),)
        return attempt(
            Operation.UPDATE,
            status=status,
            user_id="ada",
            fields={"age": 37},
            stored=told,
            if_match=f'"{version_id(former)}"',
        )

    assert found([created(), conditional(1)], ONE, TWO) == []
    assert found([created(), conditional(7)], ONE, TWO) == [invariant]
