import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.domain.repository import UserRepository

Call = Callable[..., Any]

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
LONG_BODY = '{"name":"%s"}' % ("x" * 65_536)


class TestCreate:
    def test_a_user_is_created_and_found_where_it_was_said_to_be(self, call: Call) -> None:
        made = call("POST", "/users", body={**ADA, "age": 36, "phone": "1", "address": "2"})
        user = made.json["user"]
        assert made.status == 201
        assert made.json["message"] == "User created successfully"
        assert made.headers["Location"] == f"/users/{user['user_id']}"
        read = call("GET", "/users/{user_id}", path=user["user_id"])
        assert read.status == 200
        assert read.json == {"user": user}
        assert read.headers["ETag"] == made.headers["ETag"]

    def test_an_id_is_made_where_none_is_chosen(self, call: Call) -> None:
        user = call("POST", "/users", body=ADA).json["user"]
        assert UUID(user["user_id"]).version == 4

    def test_an_id_may_be_chosen(self, call: Call) -> None:
        assert call("POST", "/users", body={**ADA, "user_id": "ada"}).headers["Location"] == "/users/ada"

    def test_times_are_in_utc_with_microseconds(self, call: Call) -> None:
        user = call("POST", "/users", body=ADA).json["user"]
        assert {user["timestamp"], user["created_at"], user["updated_at"]} == {"2030-01-01T12:00:00.000000Z"}

    def test_a_body_of_bytes_is_read_too(self, call: Call) -> None:
        made = call("POST", "/users", body='{"name": "Zoë", "email": "zoe@example.com"}'.encode())
        assert made.json["user"]["name"] == "Zoë"

    @pytest.mark.parametrize("field", ["name", "email"])
    def test_a_missing_field_is_named_in_quotes(self, call: Call, field: str) -> None:
        refused = call("POST", "/users", body={key: value for key, value in ADA.items() if key != field})
        assert refused.status == 400
        assert refused.json["error"] == f"Missing required field: '{field}'"
        assert refused.json["errors"][0]["pointer"] == f"/{field}"

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (None, 400),
            ("", 400),
            ("[]", 400),
            ("{", 400),
            (b"\xff", 400),
            ('{"name": "a", "name": "b"}', 400),
            ('{"name": "a", "email": "a@b", "age": 1e999}', 400),
            ('{"name": "a", "email": "a@b", "age": 30.0}', 400),
            (LONG_BODY, 413),
        ],
        ids=lambda value: repr(value)[:32],
    )
    def test_a_bad_body_is_refused(self, call: Call, body: object, status: int) -> None:
        refused = call("POST", "/users", body=body)
        assert refused.status == status
        assert refused.headers["Content-Type"] == "application/problem+json"

    def test_an_existing_id_is_a_conflict(self, call: Call) -> None:
        call("POST", "/users", body={**ADA, "user_id": "ada"})
        again = call("POST", "/users", body={"name": "B", "email": "b@example.com", "user_id": "ada"})
        assert (again.status, again.json["error"]) == (409, "User already exists")

    def test_an_email_in_use_is_a_conflict_however_it_is_written(self, call: Call) -> None:
        call("POST", "/users", body=ADA)
        again = call("POST", "/users", body={"name": "B", "email": "ADA@EXAMPLE.COM"})
        assert (again.status, again.json["error"]) == (409, "Email already in use")


class TestRead:
    @pytest.mark.parametrize("user_id", ["nobody", "not an id", "EMAIL#ada@example.com"])
    def test_nobody_is_not_found(self, call: Call, user_id: str) -> None:
        read = call("GET", "/users/{user_id}", path=user_id)
        assert (read.status, read.json["error"]) == (404, "User not found")

    @pytest.mark.parametrize("name", ["If-None-Match", "if-none-match", "IF-NONE-MATCH"])
    def test_a_client_that_has_the_version_is_not_sent_it_again(self, call: Call, name: str) -> None:
        tag = call("POST", "/users", body={**ADA, "user_id": "ada"}).headers["ETag"]
        read = call("GET", "/users/{user_id}", path="ada", headers={name: tag})
        assert (read.status, read.body, read.headers["ETag"]) == (304, "", tag)

    def test_a_client_that_has_another_version_is_sent_this_one(self, call: Call) -> None:
        call("POST", "/users", body={**ADA, "user_id": "ada"})
        read = call("GET", "/users/{user_id}", path="ada", headers={"If-None-Match": '"old"'})
        assert read.status == 200


@pytest.mark.parametrize(
    ("resource", "allowed"), [("/users", "POST"), ("/users/{user_id}", "GET"), ("/health", "GET")]
)
@pytest.mark.parametrize("method", ["PATCH", "TRACE", "get"])
def test_another_method_is_not_allowed(call: Call, resource: str, allowed: str, method: str) -> None:
    refused = call(method, resource, path="ada")
    assert (refused.status, refused.json["error"]) == (405, "Method not allowed")
    assert refused.headers["Allow"] == allowed


def test_a_resource_that_nobody_serves_is_not_found(call: Call) -> None:
    assert call("GET", "/elsewhere").status == 404


class TestOutage:
    @pytest.fixture
    def users(self, failing: Callable[[Exception], UserRepository]) -> UserRepository:
        return failing(RepositoryUnavailable())

    @pytest.mark.parametrize(
        ("method", "resource"), [("POST", "/users"), ("GET", "/users/{user_id}"), ("GET", "/health")]
    )
    def test_an_outage_asks_the_client_to_come_back(self, call: Call, method: str, resource: str) -> None:
        answer = call(method, resource, path="ada", body=ADA)
        assert answer.status == 503
        assert re.fullmatch("[1-9][0-9]*", answer.headers["Retry-After"])


class TestAccident:
    @pytest.fixture
    def users(self, failing: Callable[[Exception], UserRepository]) -> UserRepository:
        return failing(ZeroDivisionError("ada@example.com"))

    def test_an_accident_says_nothing_of_itself(self, call: Call) -> None:
        answer = call("POST", "/users", body=ADA)
        assert answer.status == 500
        assert answer.json["detail"] == "Internal server error"
        assert not re.search("ada@|Zero|Traceback", answer.body)
