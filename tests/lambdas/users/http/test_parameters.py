import pytest
from msgspec import UNSET, structs

from lambdas.users.http import parameters
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.parameters import Paged, PagedAgeRange, Search, read
from lambdas.users.http.queries import QUERIES


def test_what_is_absent_has_its_default() -> None:
    assert read({}, PagedAgeRange) == PagedAgeRange(min_age=0, max_age=200, limit=50, cursor=UNSET)


def test_what_is_unknown_is_ignored() -> None:
    assert read({"limits": "x", "limit": "7"}, Paged) == Paged(limit=7)


def test_a_text_of_digits_stays_a_text() -> None:
    assert read({"q": "123"}, Search).q == "123"


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("-0", 0), ("007", 7), ("-2147483648", -(2**31))])
def test_an_integer_is_digits(text: str, number: int) -> None:
    assert read({"min_age": text}, PagedAgeRange).min_age == number


def test_the_first_fault_is_named() -> None:
    with pytest.raises(InvalidRequest, match="must be an integer from 1 to 100"):
        read({"q": "a", "limit": "x", "cursor": ""}, Search)


@pytest.mark.parametrize("struct", [query.parameters for query in QUERIES.values()])
def test_every_parameter_has_its_rule_in_words(struct: type[parameters.Paged]) -> None:
    assert all(parameters.rule(field.type) for field in structs.fields(struct))
