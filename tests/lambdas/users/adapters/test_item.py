from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from lambdas.users.adapters.item import (
    PAST_VERSIONS,
    Item,
    claim_key,
    claim_row,
    current_row,
    former_user_of,
    history_row,
    receipt_key,
    receipt_of,
    receipt_row,
    region_key,
    region_state_of,
    tombstone_row,
    user_key,
    user_of,
)
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.region_state import RegionState
from lambdas.users.domain.user import User
from lambdas.users.domain.version import Change

MONTH = timedelta(days=30)
INDEXED = {"email", "age", "shard", "name_key"}


def second_version(user: User) -> User:
    version = msgspec.structs.replace(
        user.version, number=2, change=Change.UPDATED, supersedes=user.version.version_id
    )
    return msgspec.structs.replace(user, version=version)


def test_the_current_row_holds_what_reads_and_indexes_need(made: Callable[..., User]) -> None:
    assert current_row(made("grace", name="Adâ", age=36, phone="1", address="2")) == {
        "user_id": {"S": "grace"},
        "timestamp": {"S": "CURRENT"},
        "name": {"S": "Adâ"},
        "email": {"S": "ada@example.com"},
        "age": {"N": "36"},
        "phone": {"S": "1"},
        "address": {"S": "2"},
        "created_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "updated_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "version": {"N": "1"},
        "version_id": {"S": "2030-01-01T12:00:00.000000Z#eu-west-1"},
        "region": {"S": "eu-west-1"},
        "change": {"S": "created"},
        "shard": {"N": "3"},
        "name_key": {"S": "ada"},
    }


def test_the_history_row_holds_the_profile_where_no_index_sees_it(made: Callable[..., User]) -> None:
    row = history_row(made("ada"), retention=MONTH)
    assert row == {
        "user_id": {"S": "ada"},
        "timestamp": {"S": "2030-01-01T12:00:00.000000Z#eu-west-1"},
        "profile": {
            "M": {"name": {"S": "Ada Lovelace"}, "email": {"S": "ada@example.com"}, "age": {"N": "0"}}
        },
        "created_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "version": {"N": "1"},
        "region": {"S": "eu-west-1"},
        "change": {"S": "created"},
        "expires_at": {"N": "1896091200"},
    }
    assert INDEXED.isdisjoint(row)


def test_a_current_row_never_expires(made: Callable[..., User]) -> None:
    assert "expires_at" not in current_row(made())


def test_a_current_row_says_all_that_the_history_row_of_its_version_says(made: Callable[..., User]) -> None:
    user = second_version(made(phone="1"))
    history = history_row(user, retention=MONTH)
    said = {**history, **history["profile"]["M"]}
    for silent in ("profile", "timestamp", "expires_at"):
        del said[silent]
    assert said.items() <= current_row(user).items()


def test_the_claim_to_an_email_names_its_owner(made: Callable[..., User]) -> None:
    assert claim_row(made("ada", email="ADA@example.com")) == {
        "user_id": {"S": "EMAIL#ada@example.com"},
        "timestamp": {"S": "CLAIM"},
        "owner": {"S": "ada"},
    }


def test_the_key_of_a_region_is_the_id_of_no_user() -> None:
    assert region_key("eu-west-1") == {"user_id": {"S": "REGION#eu-west-1"}, "timestamp": {"S": "STATE"}}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"state": {"S": "active"}}, RegionState.ACTIVE),
        ({"state": {"S": "fenced"}}, RegionState.FENCED),
        ({"state": {"S": "Active"}}, RegionState.FENCED),
        ({"state": {"S": ""}}, RegionState.FENCED),
        ({"state": {"N": "0"}}, RegionState.FENCED),
        ({"state": {"NULL": True}}, RegionState.FENCED),
        ({"stat": {"S": "active"}}, RegionState.FENCED),
        ({}, RegionState.FENCED),
    ],
    ids=repr,
)
def test_a_region_is_fenced_unless_its_row_says_in_so_many_words_that_it_is_not(
    said: Item, state: RegionState
) -> None:
    assert region_state_of({**region_key("eu-west-1"), **said}) is state


def test_a_row_reads_back_as_the_user_it_was_written_from(made: Callable[..., User]) -> None:
    user = second_version(made("ada", age=36, address=""))
    assert user_of(current_row(user)) == user


def test_a_version_reads_back_as_the_user_it_was_written_from(made: Callable[..., User]) -> None:
    user = second_version(made("ada", age=36, address=""))
    assert former_user_of(history_row(user, retention=MONTH)) == user


def test_a_deletion_is_recorded_without_a_profile_and_no_index_sees_it(made: Callable[..., User]) -> None:
    user = made("ada", phone="1", address="2")
    deleted = msgspec.structs.replace(
        user.version, number=2, change=Change.DELETED, supersedes=user.version.version_id
    )
    row = tombstone_row(user, deleted, retention=MONTH)
    assert row == {
        "user_id": {"S": "ada"},
        "timestamp": {"S": deleted.version_id},
        "created_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "version": {"N": "2"},
        "region": {"S": "eu-west-1"},
        "change": {"S": "deleted"},
        "supersedes": {"S": user.version.version_id},
        "expires_at": {"N": "1896091200"},
    }
    assert INDEXED.isdisjoint(row)
    assert former_user_of(row) is None


def test_a_claim_is_given_up_by_the_key_under_which_it_was_made(made: Callable[..., User]) -> None:
    row = claim_row(made("ada", email="ADA@example.com"))
    assert claim_key("ada@example.com").items() <= row.items()


def test_versions_are_told_from_the_current_row_by_their_place(made: Callable[..., User]) -> None:
    assert made().version.version_id < PAST_VERSIONS < user_key("ada")["timestamp"]["S"]


def test_the_row_of_a_receipt_expires_a_day_later_and_no_index_sees_it() -> None:
    receipt = Receipt(
        key="k", digest="d", at="2030-01-01T12:00:00.000001Z", region="eu-west-1", refused={0: "a", 12: "b"}
    )
    row = receipt_row(receipt)
    assert row == {
        "user_id": {"S": "REQUEST#k"},
        "timestamp": {"S": "REQUEST"},
        "digest": {"S": "d"},
        "at": {"S": "2030-01-01T12:00:00.000001Z"},
        "region": {"S": "eu-west-1"},
        "refused": {"M": {"0": {"S": "a"}, "12": {"S": "b"}}},
        "expires_at": {"N": "1893585600"},
    }
    assert INDEXED.isdisjoint(row)
    assert receipt_key("k").items() <= row.items()
    assert receipt_of(row) == receipt
