import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lambdas.users.domain.text import normalised_email, search_key

people_type = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        (" ada@example.com\n", "ada@example.com"),
        ("\uff21da\uff20example.com", "ada@example.com"),
        ("\u212ael@example.com", "kel@example.com"),
        ("JOSE\u0301@example.com", "josé@example.com"),
        ("\U0001d400da@example.com", "ada@example.com"),
    ],
    ids=["case", "space", "full width", "kelvin sign", "combining accent", "mathematical bold"],
)
def test_spellings_of_one_email_become_one(typed: str, kept: str) -> None:
    assert normalised_email(typed) == kept


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("\u03aa\u0301")
@example("a\u0130\u0327\u0301")
def test_to_normalise_twice_is_to_normalise_once(typed: str) -> None:
    assert normalised_email(normalised_email(typed)) == normalised_email(typed)


def test_a_sharp_s_does_not_become_the_address_of_somebody_else() -> None:
    assert normalised_email("straße@example.com") == "straße@example.com"


@pytest.mark.parametrize("name", ["ZOË", "zoe", "Zoe\u0308", "\uff3a\uff2f\uff25"])
def test_case_and_accents_do_not_matter_to_a_search(name: str) -> None:
    assert search_key(name) == "zoe"


def test_a_name_of_accents_alone_still_has_a_search_key() -> None:
    assert search_key("\u0301\u0301") == "\u0301\u0301"


@given(people_type)
def test_a_search_key_always_fits_an_index(name: str) -> None:
    assert 1 <= len(search_key(name).encode()) <= 1024


def test_what_one_character_stands_for_does_not_outgrow_an_index() -> None:
    widest = "\ufdfa" * 200
    assert len(unicodedata.normalize("NFKD", widest).encode()) > 1024
    assert len(search_key(widest).encode()) <= 1024
