import pytest

from tests.lambdas.asking import ask, ids, pages
from tests.lambdas.gateway import Call

pytestmark = pytest.mark.usefixtures("people")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ada", ["ada", "old"]),
        ("AD", ["ada", "old", "adele"]),
        ("adele", ["adele"]),
        ("Adèle Å", ["adele"]),
        ("ADELE ANG", ["adele"]),
        ("grace@example.com", ["grace"]),
        ("GRACE@EXAMPLE.COM", ["grace"]),
        ("ada@example.com", ["ada", "old"]),
        ("hopper", []),
        ("grace@example", []),
        ("\U0010ffff", []),
        ("x" * 254, []),
        ("\u0301", []),
    ],
)
def test_a_name_starts_with_it_or_an_email_is_it(call: Call, q: str, found: list[str]) -> None:
    answer = ask(call, "search", q=q)
    assert (ids(answer), answer.json["count"]) == (found, len(found))
    assert answer.json["query_type"] == "Prefix Search"


@pytest.mark.parametrize("q", ["x" * 255, "\0", "\ud800"])
def test_a_text_that_nobody_can_be_called_is_refused(call: Call, q: str) -> None:
    refused = ask(call, "search", q=q)
    assert refused.json["error"] == "Invalid parameter: 'q' must be text of 1 to 254 characters"


@pytest.mark.parametrize("q", ["a", "ada@example.com"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_hold_everybody_once(call: Call, q: str, limit: int) -> None:
    found = [user for page in pages(call, "search", q=q, limit=limit) for user in ids(page)]
    assert found == ids(ask(call, "search", q=q))
