import json
from typing import Any
from uuid import UUID

import pytest

from lambdas.users.domain.repository import UserRepository
from tests.lambdas.gateway import Answer, Call

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
GRACE = {"name": "Grace Hopper", "email": "grace@example.com"}


def people(count: int) -> list[dict[str, Any]]:
    return [{"name": f"User {index}", "email": f"{index}@example.com"} for index in range(count)]


def write(call: Call, users: object, **parts: object) -> Answer:
    return call("POST", "/batch", body={"operation": "batch_write", "users": users}, **parts)


@pytest.mark.parametrize(
    "body", [{}, {"operation": None}, {"operation": "drop"}, {"operation": 7}, {"operation": ["batch_write"]}]
)
def test_an_unknown_operation_is_told_the_known_ones(call: Call, body: object) -> None:
    refused = call("POST", "/batch", body=body)
    assert refused.status == 400
    assert refused.json["error"] == (
        "Invalid operation. Supported: batch_write, batch_read, batch_delete, populate_sample_data"
    )


@pytest.mark.parametrize("count", [1, 1000])
def test_users_are_created_in_their_order(call: Call, count: int) -> None:
    created = write(call, people(count))
    assert created.status == 201
    assert created.json["message"] == f"Successfully created {count} users"
    assert [user["email"] for user in created.json["users"]] == [user["email"] for user in people(count)]
    last = created.json["users"][-1]
    assert call("GET", "/users/{user_id}", path=last["user_id"]).json["user"] == last
    assert UUID(last["user_id"]).version == 4


@pytest.mark.parametrize("users", [[], None])
def test_no_users_are_refused(call: Call, users: object) -> None:
    refused = write(call, users)
    assert (refused.status, refused.json["error"]) == (400, "No users data provided")


@pytest.mark.parametrize("users", [{}, "users", 7, {"0": ADA}, True])
def test_users_that_are_no_list_are_refused(call: Call, users: object) -> None:
    refused = write(call, users)
    assert (refused.status, refused.json["error"]) == (400, "Invalid field: 'users' must be a list")


def test_more_than_a_thousand_are_refused_and_none_is_created(call: Call) -> None:
    refused = write(call, people(1001))
    assert (refused.status, refused.json["error"]) == (400, "Invalid field: 'users' must list at most 1000")
    assert call("GET", "/users").json["count"] == 0


def test_a_bad_user_keeps_no_other_from_being_created(call: Call) -> None:
    answer = write(call, [ADA, {"name": "B"}, 7, {**GRACE, "age": -1}, GRACE])
    assert answer.status == 207
    assert answer.json["message"] == "Successfully created 2 users"
    assert [user["name"] for user in answer.json["users"]] == [ADA["name"], GRACE["name"]]
    assert answer.json["failed"] == [
        {"index": 1, "error": "Missing required field: 'email'"},
        {"index": 2, "error": "The user is not a JSON object"},
        {"index": 3, "error": "Invalid field: 'age'"},
    ]


def test_a_batch_without_a_valid_user_is_refused_and_says_why(call: Call) -> None:
    refused = write(call, [{"name": "B"}, None])
    assert refused.status == 400
    assert refused.json["failed"] == [
        {"index": 0, "error": "Missing required field: 'email'"},
        {"index": 1, "error": "The user is not a JSON object"},
    ]


def test_of_two_with_one_id_or_email_the_first_is_created(call: Call) -> None:
    answer = write(
        call,
        [
            {**ADA, "user_id": "ada"},
            {**GRACE, "user_id": "ada"},
            {**GRACE, "email": "ADA@EXAMPLE.COM"},
            {**GRACE, "email": "\uff41da@example.com"},
            GRACE,
        ],
    )
    assert [user["email"] for user in answer.json["users"]] == ["ada@example.com", "grace@example.com"]
    assert answer.json["failed"] == [
        {"index": 1, "error": "User already exists"},
        {"index": 2, "error": "Email already in use"},
        {"index": 3, "error": "Email already in use"},
    ]


def test_a_batch_whose_users_all_exist_creates_nobody(call: Call) -> None:
    write(call, [ADA])
    again = write(call, [ADA])
    assert (again.status, again.json["users"]) == (207, [])
    assert again.json["message"] == "Successfully created 0 users"


def test_a_batch_may_be_longer_than_another_body(call: Call) -> None:
    users = [{**user, "address": "x" * 500} for user in people(1000)]
    assert write(call, users).status == 201


def test_a_batch_of_more_than_six_megabytes_is_too_long(call: Call) -> None:
    filler = "x" * (6 * 1024 * 1024)
    assert call("POST", "/batch", body=json.dumps({"operation": "batch_write", "x": filler})).status == 413


@pytest.mark.parametrize("body", ["", "[]", "{", '{"users": [{"name": "a", "name": "b"}]}', b"\xff"])
def test_a_bad_body_is_refused(call: Call, body: object, users: UserRepository) -> None:
    assert call("POST", "/batch", body=body).status == 400
    assert not users.get_all(["ada"])
