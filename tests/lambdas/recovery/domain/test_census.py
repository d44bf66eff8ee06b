"""What is counted and sampled of rows that go by once."""

from lambdas.recovery.domain.census import Census
from lambdas.recovery.domain.finding import Findings
from lambdas.recovery.domain.pairing import Pairing
from lambdas.recovery.domain.schema import schema_of
from tests.lambdas.recovery.shelf import SCHEMA, lived, removed, user


def census(sample: int = 1000) -> Census:
    taken = Census(schema_of(SCHEMA), Findings(), sample=sample, pairing=Pairing())
    taken.take(lived().all())
    return taken


def test_users_and_claims_are_counted() -> None:
    assert (census().users, census().claims) == (30, 30)


def test_users_are_counted_beyond_the_sample() -> None:
    small = census(7)
    assert small.users == 30
    assert (len(small.present), len(small.held), len(small.recorded)) == (7, 7, 7)


def test_the_same_users_are_sampled_by_their_rows_and_by_their_histories() -> None:
    half_gone = {"half-gone"}
    assert set(census().recorded) == set(census().present) | half_gone
    assert len(set(census(7).recorded) - set(census(7).present)) <= len(half_gone)


def test_those_who_were_deleted_take_no_room_in_the_sample() -> None:
    taken = census()
    taken.take(removed([user("ada")]))
    assert "ada" not in taken.recorded
    assert "gone" not in taken.recorded
