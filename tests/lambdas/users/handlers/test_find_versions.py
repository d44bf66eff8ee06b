from typing import Any

import pytest

from tests.lambdas.asking import ask, pages
from tests.lambdas.gateway import Call

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def versions(call: Call) -> list[dict[str, Any]]:
    """The versions of Ada, newest first."""
    for age in range(37, 41):
        call("PUT", "/users/{user_id}", path="ada", body={"age": age})
    found: list[dict[str, Any]] = ask(call, "query_user_history", user_id="ada").json["versions"]
    return found


def test_versions_are_listed_newest_first(call: Call, versions: list[dict[str, Any]]) -> None:
    answer = ask(call, "query_user_history", user_id="ada")
    assert (answer.json["user_id"], answer.json["version_count"]) == ("ada", 5)
    assert answer.json["query_type"] == "User History Query"
    assert [version["version"] for version in versions] == [5, 4, 3, 2, 1]
    assert [version["age"] for version in versions] == [40, 39, 38, 37, 36]
    assert [version["change"] for version in versions] == [*["updated"] * 4, "created"]
    current = call("GET", "/users/{user_id}", path="ada")
    assert current.headers["ETag"] == f'"{versions[0]["version_id"]}"'


def test_each_version_names_the_one_that_it_supersedes(versions: list[dict[str, Any]]) -> None:
    former = [version["version_id"] for version in versions[1:]]
    assert [version.get("supersedes") for version in versions] == [*former, None]


@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_pages_hold_each_version_once(call: Call, versions: list[dict[str, Any]], limit: int) -> None:
    found = pages(call, "query_user_history", user_id="ada", limit=limit)
    assert [version for page in found for version in page.json["versions"]] == versions
    assert found[0].json["version_count"] == limit
