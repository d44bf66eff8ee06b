from typing import Any

import pytest

from tests.lambdas.gateway import Call


def people(count: int) -> list[dict[str, Any]]:
    return [
        {"user_id": f"user-{index}", "name": f"User {index}", "email": f"{index}@example.com"}
        for index in range(count)
    ]


def test_nobody_is_an_empty_page(call: Call) -> None:
    page = call("GET", "/users")
    assert (page.status, page.json) == (200, {"users": [], "count": 0})
    assert "Link" not in page.headers


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
def test_pages_hold_everybody_once(call: Call, limit: int) -> None:
    made = [call("POST", "/users", body=user).json["user"] for user in people(7)]
    query, seen = {"limit": str(limit)}, []
    while True:
        page = call("GET", "/users", query=query)
        assert page.json["count"] == len(page.json["users"]) <= limit
        seen += page.json["users"]
        if "next_cursor" not in page.json:
            break
        query["cursor"] = page.json["next_cursor"]
    assert seen == made


def test_fifty_are_shown_unless_it_is_said_how_many(call: Call) -> None:
    call("POST", "/batch", body={"operation": "batch_write", "users": people(51)})
    assert call("GET", "/users").json["count"] == 50


def test_a_link_leads_to_the_next_page(call: Call) -> None:
    for user in people(3):
        call("POST", "/users", body=user)
    page = call("GET", "/users", query={"limit": "2"})
    cursor = page.json["next_cursor"]
    assert page.headers["Link"] == f'<?limit=2&cursor={cursor}>; rel="next"'


@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "1.0", "1e1", "", " 1", "+1", "ten", "\u0661", "9" * 5000, "\ud800"]
)
def test_a_limit_that_is_none_is_refused(call: Call, limit: str) -> None:
    refused = call("GET", "/users", query={"limit": limit})
    assert refused.status == 400
    assert refused.json["error"] == "Invalid parameter: 'limit' must be an integer from 1 to 100"


def test_a_cursor_goes_on_with_another_limit(call: Call) -> None:
    for user in people(3):
        call("POST", "/users", body=user)
    cursor = call("GET", "/users", query={"limit": "1"}).json["next_cursor"]
    assert call("GET", "/users", query={"limit": "3", "cursor": cursor}).json["count"] == 2


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "x" * 2048, "x" * 2049, "WyJhIiwxLCJ1Il0", "{}", "é", "\0", "W10", "bnVsbA", "===="],
)
def test_a_cursor_that_nobody_gave_out_is_refused_by_name(call: Call, cursor: str) -> None:
    refused = call("GET", "/users", query={"cursor": cursor})
    assert refused.status == 400
    assert "'cursor'" in refused.json["error"]
