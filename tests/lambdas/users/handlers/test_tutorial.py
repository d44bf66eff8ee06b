from typing import Any

import pytest

from tests.lambdas.gateway import Call

ADA = {"UserID": "ada", "Name": "Ada Lovelace", "Email": "ada@example.com"}


def test_a_user_of_the_tutorial_is_a_user_like_any_other(call: Call) -> None:
    added = call("POST", "/user", body={**ADA, "Age": 36})
    assert (added.status, added.json) == (200, "User added.")
    assert call("GET", "/user/{user_id}", path="ada").json == {**ADA, "Age": 36}
    assert call("GET", "/users/{user_id}", path="ada").json["user"]["name"] == "Ada Lovelace"


def test_an_age_is_zero_unless_it_is_given(call: Call) -> None:
    call("POST", "/user", body=ADA)
    assert call("GET", "/user/{user_id}", path="ada").json == {**ADA, "Age": 0}


@pytest.mark.parametrize("user_id", ["nobody", "not an id"])
def test_nobody_is_an_empty_object(call: Call, user_id: str) -> None:
    read = call("GET", "/user/{user_id}", path=user_id)
    assert (read.status, read.json) == (200, {})


@pytest.mark.parametrize("user_id", ["ada", "nobody", "not an id"])
def test_whoever_is_deleted_is_gone(call: Call, user_id: str) -> None:
    call("POST", "/user", body=ADA)
    deleted = call("DELETE", "/user/{user_id}", path=user_id)
    assert (deleted.status, deleted.json) == (200, "User deleted.")
    assert call("GET", "/user/{user_id}", path=user_id).json == {}


@pytest.mark.parametrize("key", ["UserID", "Name", "Email"])
@pytest.mark.parametrize("value", [None, "", 7, "x" * 300, "absent"])
def test_a_field_at_fault_is_named_as_the_tutorial_names_it(call: Call, key: str, value: object) -> None:
    body: dict[str, Any] = {**ADA, key: value}
    if value == "absent":
        del body[key]
    refused = call("POST", "/user", body=body)
    assert refused.status == 400
    assert [error["pointer"] for error in refused.json["errors"]] == [f"/{key}"]
    missing = value == "absent"
    assert refused.json["error"] == f"{'Missing required' if missing else 'Invalid'} field: '{key}'"


@pytest.mark.parametrize(
    ("other", "error"),
    [({"Email": "b@example.com"}, "User already exists"), ({"UserID": "b"}, "Email already in use")],
)
def test_an_id_or_an_email_is_given_once(call: Call, other: dict[str, str], error: str) -> None:
    call("POST", "/user", body=ADA)
    refused = call("POST", "/user", body={**ADA, **other})
    assert (refused.status, refused.json["error"]) == (409, error)
