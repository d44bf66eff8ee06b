"""The drill's own reader understands what the application writes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.users.adapters import item
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.user import NewUser, Profile, User, deletion, first_version, next_version
from pipeline.drill.rows import Key, Row, UnknownRowError, Version, table, union
from tests.pipeline.drill.made import HERE, THERE, history, tabled, version, version_id, without

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PROFILE = Profile(name="Ada", email="ada@drill.example", age=36, phone="1")


def life() -> tuple[User, User]:
    """A user at its first and its second version, each of another Region."""
    new = NewUser(name="Ada", email="ada@drill.example")
    first = first_version(new, user_id="ada", at=NOON, region=HERE)
    return first, next_version(first, PROFILE, at=NOON + timedelta(seconds=1), region=THERE)


def written() -> Iterator[Row]:
    """Rows of every kind, as the application writes them."""
    first, second = life()
    receipt = Receipt(key="d1", digest="d2", at=first.version.at, region=HERE)
    yield from (item.current_row(second), item.claim_row(second), item.receipt_row(receipt))
    yield from (item.history_row(user, retention=DAY) for user in (second, first))
    yield {**item.region_key(HERE), "state": {"S": "active"}}


def test_rows_of_the_application_are_read() -> None:
    found = table(HERE, written())
    first, second = life()
    assert found.claims == {"ada@drill.example": "ada"}
    assert found.current["ada"] == found.history["ada"][1]
    assert [each.version_id for each in found.history["ada"]] == [
        first.version.version_id,
        second.version.version_id,
    ]
    assert found.history["ada"][1] == Version(
        user_id="ada",
        version_id="2030-01-01T12:00:01.000000Z#eu-central-1",
        number=2,
        region=THERE,
        change="updated",
        supersedes="2030-01-01T12:00:00.000000Z#eu-west-1",
        created_at="2030-01-01T12:00:00.000000Z",
        profile={"name": "Ada", "email": "ada@drill.example", "age": 36, "phone": "1"},
    )
    assert len(found.rows) == 6


def test_a_deletion_has_no_profile() -> None:
    _, second = life()
    tombstone = deletion(second, at=NOON + DAY, region=HERE)
    found = table(HERE, [item.tombstone_row(second, tombstone, retention=DAY)])
    (deleted,) = found.history["ada"]
    assert (deleted.change, deleted.profile, deleted.number) == ("deleted", None, 3)
    assert deleted.at == "2030-01-02T12:00:00.000000Z"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "a row without a key"),
        ({"user_id": {"S": "ada"}, "timestamp": {"N": "1"}}, "a row without a key"),
        ({"user_id": {"S": "ada"}, "timestamp": {"S": "CURRENT"}}, "ada/CURRENT in eu-west-1.*version_id"),
        ({"user_id": {"S": "EMAIL#a@b"}, "timestamp": {"S": "CLAIM"}}, "EMAIL#a@b/CLAIM .*owner"),
        ({"user_id": {"S": "ada"}, "timestamp": {"S": "v0"}}, "ada/v0 .*is not a version_id"),
        ({"user_id": {"S": "ada"}, "timestamp": {"S": "2030Z#eu-west-1"}}, "ada/2030Z.*change"),
    ],
)
def test_a_row_that_does_not_belong_is_named(row: Row, reason: str) -> None:
    with pytest.raises(UnknownRowError, match=reason):
        table(HERE, [row])


def test_the_union_has_each_version_once_and_in_order() -> None:
    here = tabled(history(version(1)), version(2), history(version(4)))
    there = tabled(history(version(1)), history(version(3, region=THERE, supersedes=version_id(1))))
    assert [each.version_id for each in union(here, there)["ada"]] == [
        version_id(1),
        version_id(2),
        version_id(3, THERE),
        version_id(4),
    ]


def test_a_current_version_without_a_history_row_is_part_of_the_union() -> None:
    lonely = tabled(without(version(2), version_id(2)))
    assert [each.number for each in union(lonely)["ada"]] == [2]


def test_a_key_reads_as_one_word() -> None:
    assert str(Key("ada", "CURRENT")) == "ada/CURRENT"
