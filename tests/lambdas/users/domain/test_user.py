from datetime import UTC, datetime, timedelta

import pytest

from lambdas.users.domain.user import NewUser, Profile, User, deletion, first_version, next_version
from lambdas.users.domain.version import Change, Version

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
ADA = first_version(NewUser(name="Ada", email="ada@example.com"), user_id="ada", at=NOON, region="eu-west-1")
COUNTESS = Profile(name="Countess of Lovelace", email="countess@example.com", age=36)


def test_a_new_user_starts_at_version_one_which_supersedes_nothing() -> None:
    new = NewUser(name="Ada", email="ada@example.com", age=36, phone="1", address="2", user_id="chosen")
    user = first_version(new, user_id="given", at=datetime(2030, 1, 1, tzinfo=UTC), region="eu-west-1")
    assert user == User(
        user_id="given",
        profile=Profile(name="Ada", email="ada@example.com", age=36, phone="1", address="2"),
        created_at="2030-01-01T00:00:00.000000Z",
        version=Version(
            number=1,
            at="2030-01-01T00:00:00.000000Z",
            region="eu-west-1",
            change=Change.CREATED,
            supersedes=None,
        ),
    )


def test_a_change_makes_the_next_version_and_keeps_when_the_user_was_created() -> None:
    assert next_version(ADA, COUNTESS, at=LATER, region="eu-central-1") == User(
        user_id="ada",
        profile=COUNTESS,
        created_at="2030-01-01T12:00:00.000000Z",
        version=Version(
            number=2,
            at="2030-01-01T12:00:01.000000Z",
            region="eu-central-1",
            change=Change.UPDATED,
            supersedes="2030-01-01T12:00:00.000000Z#eu-west-1",
        ),
    )


def test_a_deletion_is_the_last_version() -> None:
    second = next_version(ADA, COUNTESS, at=LATER, region="eu-central-1")
    assert deletion(second, at=LATER + timedelta(hours=1), region="eu-west-1") == Version(
        number=3,
        at="2030-01-01T13:00:01.000000Z",
        region="eu-west-1",
        change=Change.DELETED,
        supersedes="2030-01-01T12:00:01.000000Z#eu-central-1",
    )


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=9)], ids=["same time", "clock behind"])
def test_a_version_sorts_after_the_one_that_it_supersedes_whatever_the_clock_says(late: timedelta) -> None:
    second = next_version(ADA, COUNTESS, at=NOON - late, region="eu-central-1")
    third = next_version(second, COUNTESS, at=NOON - late, region="eu-west-1")
    last = deletion(third, at=NOON - late, region="eu-west-1")
    ids = [version.version_id for version in (ADA.version, second.version, third.version, last)]
    assert ids == sorted(set(ids))
    assert third.version.at == "2030-01-01T12:00:00.000002Z"
