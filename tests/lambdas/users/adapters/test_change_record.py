"""Which rows of the stream tell something, and in which region."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.users.adapters.change_record import UnreadableRecord, event_of, events_of
from lambdas.users.adapters.item import claim_row, receipt_row, region_key
from lambdas.users.domain.event import UserEvent
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.version import Change
from tests.lambdas.users import stream
from tests.lambdas.users.stream import Record

HERE, THERE = "eu-west-1", "eu-central-1"
ALL_FIELDS = ("name", "email", "age", "phone", "address")


def told(records: list[Record], *, region: str = HERE) -> list[UserEvent]:
    said, unread = events_of(records, region=region)
    assert unread == []
    return [event for _, event in said]


def test_a_new_user_is_told_once_with_the_fields_that_it_has() -> None:
    user = stream.new()
    assert told(stream.creation(user)) == [
        UserEvent(
            user_id="ada",
            version=1,
            version_id=user.version.version_id,
            region=HERE,
            change=Change.CREATED,
            changed=ALL_FIELDS,
        )
    ]


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"name": "Ada King"}, ("name",)),
        ({"email": "countess@example.com", "age": 37}, ("email", "age")),
        ({"phone": None}, ("phone",)),
        ({"name": "Ada Lovelace"}, ()),
    ],
)
def test_an_update_is_told_once_with_the_fields_that_it_made_other(
    fields: dict[str, object], changed: tuple[str, ...]
) -> None:
    before = stream.new()
    after = stream.later(before, fields)
    (event,) = told(stream.update(before, after))
    assert (event.change, event.version, event.changed) == (Change.UPDATED, 2, changed)
    assert event.version_id == after.version.version_id


def test_a_deletion_is_told_once() -> None:
    user = stream.new()
    (event,) = told(stream.removal(user))
    assert (event.change, event.version, event.changed) == (Change.DELETED, 2, ())
    assert event.version_id > user.version.version_id


@pytest.mark.parametrize("region", [HERE, THERE])
def test_each_change_is_told_in_the_region_that_took_it_and_in_no_other(region: str) -> None:
    made = stream.new(region=HERE)
    changed = stream.later(made, {"name": "Ada King"}, region=THERE)
    records = [
        *stream.creation(made),
        *stream.update(made, changed),
        *stream.removal(changed, region=HERE),
    ]
    said = [event.change for event in told(records, region=region)]
    assert said == ([Change.CREATED, Change.DELETED] if region == HERE else [Change.UPDATED])


def test_a_version_that_replication_lets_win_is_not_told_here() -> None:
    loser, winner = (stream.later(stream.new(), {"name": region}, region=region) for region in (HERE, THERE))
    assert told(stream.update(loser, winner)[:1]) == []


def test_a_row_that_is_written_again_at_the_same_version_is_not_told_again() -> None:
    user = stream.new()
    assert told(stream.update(user, user)[:1]) == []


@pytest.mark.parametrize(
    "row",
    [
        claim_row(stream.new()),
        {**region_key(HERE), "region": {"S": HERE}, "state": {"S": "fenced"}},
        stream.region_row(HERE, "fenced"),
        receipt_row(Receipt(key="ab", digest="cd", at="2030-01-01T12:00:00.000000Z", region=HERE)),
    ],
    ids=["claim", "a region that says where it is", "region", "receipt"],
)
def test_rows_of_other_kinds_tell_nothing(row: dict[str, Any]) -> None:
    later = {**row, "state": {"S": "active"}}
    assert told([stream.record(None, row), stream.record(row, later), stream.record(later, None)]) == []


def test_rows_that_expire_tell_nothing() -> None:
    user = stream.new()
    rows = [
        record["dynamodb"]["NewImage"]
        for record in (*stream.creation(user), *stream.removal(user))
        if "NewImage" in record["dynamodb"]
    ]
    by_dynamodb = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    assert told([stream.record(row, None, userIdentity=by_dynamodb) for row in rows]) == []


def broken(spoil: Callable[[dict[str, Any]], object]) -> Record:
    spoilt = deepcopy(stream.creation(stream.new())[0])
    spoil(spoilt["dynamodb"])
    return spoilt


@pytest.mark.parametrize(
    "spoil",
    [
        lambda images: images["NewImage"].pop("version_id"),
        lambda images: images["NewImage"].update(version={"N": "many"}),
        lambda images: images["NewImage"].update(change={"S": "renamed"}),
        lambda images: images.pop("Keys"),
        lambda images: images.update(NewImage=["a list"]),
    ],
)
def test_a_record_that_no_write_makes_ends_the_reading(spoil: Callable[[dict[str, Any]], object]) -> None:
    good, bad = stream.creation(stream.new("first"))[0], broken(spoil)
    said, unread = events_of([good, bad, good], region=HERE)
    assert [number for number, _ in said] == [good["dynamodb"]["SequenceNumber"]]
    assert unread == [bad["dynamodb"]["SequenceNumber"]]


def test_what_an_unreadable_record_held_is_not_repeated() -> None:
    with pytest.raises(UnreadableRecord) as failure:
        event_of(broken(lambda images: images["NewImage"].update(version={"N": "Ada"})), region=HERE)
    assert str(failure.value) == ""
    assert failure.value.__suppress_context__


@given(st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=8))
def test_whatever_a_record_holds_is_told_or_refused(images: object) -> None:
    record = {"eventName": "INSERT", "dynamodb": images}
    try:
        assert event_of(record, region=HERE) is None
    except UnreadableRecord:
        assert images is None or isinstance(images, str | dict)
