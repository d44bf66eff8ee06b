import pytest

from lambdas.users.handlers import find_by_age
from tests.lambdas.asking import ask, ids, pages
from tests.lambdas.gateway import Call

pytestmark = pytest.mark.usefixtures("people")


@pytest.mark.parametrize("operation", ["scan_by_age", "query_by_age"])
@pytest.mark.parametrize(
    ("asked", "found", "age_range"),
    [
        ({}, {"ada", "adele", "grace", "linus", "old"}, "0-200"),
        ({"min_age": 25, "max_age": 36}, {"ada", "adele", "grace"}, "25-36"),
        ({"min_age": 36, "max_age": 36}, {"ada", "grace"}, "36-36"),
        ({"min_age": 151}, set(), "151-200"),
        ({"min_age": -5, "max_age": 0}, {"linus"}, "-5-0"),
    ],
)
def test_both_ages_are_included(
    call: Call, operation: str, asked: dict[str, int], found: set[str], age_range: str
) -> None:
    answer = ask(call, operation, **asked)
    assert (set(ids(answer)), answer.json["count"]) == (found, len(found))
    assert answer.json["age_range"] == age_range


def test_a_scan_reads_everybody_and_an_index_whom_it_finds(call: Call) -> None:
    asked = {"min_age": 25, "max_age": 25}
    scan, index = ask(call, "scan_by_age", **asked), ask(call, "query_by_age", **asked)
    assert scan.json["query_type"] == "Scan with Filter Expression"
    assert (scan.json["scanned_count"], index.json["scanned_count"]) == (5, 1)


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_an_index_sorts_by_age(call: Call, limit: int) -> None:
    found = [user for page in pages(call, "query_by_age", limit=limit) for user in ids(page)]
    assert found == ["linus", "adele", "ada", "grace", "old"]


@pytest.mark.parametrize("operation", ["scan_by_age", "query_by_age"])
@pytest.mark.parametrize("name", ["min_age", "max_age"])
@pytest.mark.parametrize(
    "value", ["", "ten", "30.0", "3e1", "+3", " 3", "\u0663", "0x3", "9" * 11, "9" * 5000, "null"]
)
def test_an_age_that_is_no_integer_is_refused(call: Call, operation: str, name: str, value: str) -> None:
    refused = ask(call, operation, **{name: value})
    assert refused.status == 400
    assert refused.json["error"] == f"Invalid parameter: '{name}' must be an integer of 32 bits"


@pytest.mark.parametrize("operation", ["scan_by_age", "query_by_age"])
def test_a_range_the_wrong_way_round_is_refused(call: Call, operation: str) -> None:
    refused = ask(call, operation, min_age=2, max_age=1)
    assert (refused.status, refused.json["error"]) == (
        400,
        "Invalid parameter: 'min_age' must not be more than 'max_age'",
    )


def test_a_scan_that_finds_too_many_to_show_is_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_by_age, "MAX_ANSWER_BYTES", 500)
    refused = ask(call, "scan_by_age")
    assert refused.status == 400
    assert "query_by_age" in refused.json["error"]
