import pytest

from lambdas.users.handlers import query
from lambdas.users.http.queries import QUERIES
from tests.lambdas.asking import ask
from tests.lambdas.gateway import Call

pytestmark = pytest.mark.usefixtures("people")


class TestListing:
    @pytest.mark.parametrize("asked", [None, {}, {"operation": ""}, {"operation": "drop"}])
    def test_queries_are_listed_where_none_is_named(self, call: Call, asked: dict[str, str] | None) -> None:
        answer = call("GET", "/query", query=asked)
        assert answer.status == 200
        assert answer.json["message"] == "Available query operations"
        assert list(answer.json["operations"]) == list(query.OPERATIONS) == list(QUERIES)
        assert answer.json["scanned_count"] == answer.json["consumed_capacity"] == 0

    def test_each_query_says_what_it_takes(self, call: Call) -> None:
        operations = call("GET", "/query").json["operations"]
        assert operations["query_by_age"]["parameters"] == {
            "min_age": "an integer of 32 bits; 0 where absent",
            "max_age": "an integer of 32 bits; 200 where absent",
            "limit": "an integer from 1 to 100; 50 where absent",
            "cursor": "the next_cursor of the page before",
        }
        assert operations["query_by_user"]["parameters"] == {"user_id": "text; required"}

    @pytest.mark.parametrize("operation", query.OPERATIONS)
    def test_each_example_works_on_the_sample_users(self, call: Call, operation: str) -> None:
        call("POST", "/batch", body={"operation": "populate_sample_data"})
        example = call("GET", "/query").json["operations"][operation]["example"]
        method, _, url = example.partition(" ")
        path, _, text = url.partition("?")
        asked = dict(part.split("=") for part in text.split("&"))
        assert call(method, path, query=asked).status == 200


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("query_by_user", "user_id"),
        ("query_by_email", "email"),
        ("query_user_history", "user_id"),
        ("search", "q"),
    ],
)
@pytest.mark.parametrize("given", [{}, "empty"])
def test_a_parameter_that_is_required_is_named(call: Call, operation: str, name: str, given: object) -> None:
    refused = ask(call, operation, **({name: ""} if given == "empty" else {}))
    assert (refused.status, refused.json["error"]) == (400, f"{name} parameter is required")


CROSSED: list[tuple[str, dict[str, object]]] = [
    ("query_by_age", {}),
    ("query_by_age", {"min_age": 1}),
    ("query_by_age", {"max_age": 199}),
    ("query_user_history", {"user_id": "ada"}),
    ("query_user_history", {"user_id": "grace"}),
    ("query_recent_users", {}),
    ("query_recent_users", {"hours": 25}),
    ("search", {"q": "ad"}),
    ("search", {"q": "ada"}),
]


@pytest.mark.parametrize(("operation", "asked"), CROSSED)
def test_a_cursor_is_good_for_its_own_listing_alone(
    call: Call, operation: str, asked: dict[str, object]
) -> None:
    call("PUT", "/users/{user_id}", path="ada", body={})
    call("PUT", "/users/{user_id}", path="grace", body={})
    cursor = ask(call, operation, **asked, limit=1).json["next_cursor"]
    answers = {
        (other, str(given)): ask(call, other, **given, cursor=cursor).status for other, given in CROSSED
    }
    answers["users", ""] = call("GET", "/users", query={"cursor": cursor}).status
    assert answers.pop((operation, str(asked))) == 200
    assert set(answers.values()) == {400}


@pytest.mark.parametrize("operation", ["query_by_age", "query_user_history", "query_recent_users", "search"])
def test_a_page_links_to_the_next(call: Call, operation: str) -> None:
    call("PUT", "/users/{user_id}", path="ada", body={})
    page = ask(call, operation, user_id="ada", q="ad", limit=1)
    link = page.headers["Link"]
    assert link.startswith(f"<?operation={operation}&")
    assert link.endswith(f'&cursor={page.json["next_cursor"]}>; rel="next"')
