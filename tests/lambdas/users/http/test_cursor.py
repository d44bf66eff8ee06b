import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from lambdas.users.domain.page import Position
from lambdas.users.domain.text import search_key
from lambdas.users.domain.user import Age
from lambdas.users.http.cursor import MAX_CHARACTERS, Listing
from lambdas.users.http.errors import InvalidRequest

AGES = Listing(operation="query_by_age", parameters=(0, 200), value=Age)
NAMES = Listing(operation="search", parameters=("ad",))
PLACE = Position(36, "ada")

user_ids = st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True)
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
names = st.text(characters, min_size=1, max_size=200).map(search_key)


def encoded(*parts: object) -> str:
    """Encode what a cursor might say."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def refused(listing: Listing, cursor: str) -> bool:
    with pytest.raises(InvalidRequest, match="'cursor'") as refusal:
        listing.position(cursor)
    return refusal.value.status == 400


def test_the_end_has_no_cursor_and_the_beginning_needs_none() -> None:
    assert AGES.cursor(None) is UNSET
    assert AGES.position(UNSET) is None


@given(st.integers(0, 150), user_ids)
def test_a_position_by_age_comes_back(age: int, user_id: str) -> None:
    assert AGES.position(AGES.cursor(Position(age, user_id))) == Position(age, user_id)


@given(names, user_ids)
def test_a_position_by_name_comes_back_and_is_not_too_long(name: str, user_id: str) -> None:
    cursor = str(NAMES.cursor(Position(name, user_id)))
    assert NAMES.position(cursor) == Position(name, user_id)
    assert len(cursor) <= MAX_CHARACTERS


@pytest.mark.parametrize("name", ["\x01" * 200, "\U0001f469" * 200, '"' * 200])
def test_the_longest_cursor_is_not_too_long(name: str) -> None:
    assert len(str(NAMES.cursor(Position(name, "x" * 128)))) <= MAX_CHARACTERS


def test_a_cursor_is_the_same_wherever_it_is_made() -> None:
    assert AGES.cursor(PLACE) == "WyIxY2Q5ZDdiNGUxODc1NDE3IiwzNiwiYWRhIl0"


@pytest.mark.parametrize(
    "other",
    [
        Listing(operation="query_by_age", parameters=(0, 199), value=Age),
        Listing(operation="query_by_age", parameters=("0", "200"), value=Age),
        Listing(operation="query_by_ages", parameters=(0, 200), value=Age),
        Listing(operation="query_by_age", value=Age),
        NAMES,
    ],
)
def test_a_cursor_of_another_listing_is_refused(other: Listing) -> None:
    assert refused(other, str(AGES.cursor(PLACE)))


@given(st.data())
def test_a_cursor_with_a_character_less_or_another_one_is_refused(data: st.DataObject) -> None:
    cursor = str(AGES.cursor(PLACE))
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.characters(codec="ascii"))
    for forged in (
        cursor[:place],
        cursor[:place] + cursor[place + 1 :],
        cursor[:place] + other + cursor[place + 1 :],
    ):
        if forged != cursor:
            assert refused(AGES, forged)


def test_a_cursor_is_spelled_in_one_way() -> None:
    cursor = str(AGES.cursor(PLACE))
    assert base64.urlsafe_b64decode(f"{cursor[:-1]}1=") == base64.urlsafe_b64decode(f"{cursor}=")
    assert refused(AGES, f"{cursor[:-1]}1")
    assert refused(AGES, f"{cursor}=")


@pytest.mark.parametrize(
    "parts",
    [
        (),
        ("0" * 16, 36, "ada"),
        ("0" * 16, 36),
        ("0" * 16, 36, "ada", 1),
        ("0" * 16, "36", "ada"),
        ("0" * 16, 36.0, "ada"),
        ("0" * 16, 10**40, "ada"),
        ("0" * 16, 36, "not an id"),
        (7, 36, "ada"),
    ],
)
def test_what_says_something_else_is_refused(parts: tuple[object, ...]) -> None:
    assert refused(AGES, encoded(*parts))


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_a_name_that_nobody_can_be_sorted_by_is_refused_though_its_digest_be_right(name: str) -> None:
    assert refused(NAMES, str(NAMES.cursor(Position(name, "ada"))))


@given(st.text(st.characters(codec=None)))
def test_any_text_is_refused(text: str) -> None:
    assert refused(AGES, text)
