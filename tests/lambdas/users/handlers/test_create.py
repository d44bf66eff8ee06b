from uuid import UUID

import pytest

from tests.lambdas.gateway import Call

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
LONG_BODY = '{"name":"%s"}' % ("x" * 65_536)


def test_a_user_is_created_and_found_where_it_was_said_to_be(call: Call) -> None:
    made = call("POST", "/users", body={**ADA, "age": 36, "phone": "1", "address": "2"})
    user = made.json["user"]
    assert made.status == 201
    assert made.json["message"] == "User created successfully"
    assert made.headers["Location"] == f"/users/{user['user_id']}"
    read = call("GET", "/users/{user_id}", path=user["user_id"])
    assert read.status == 200
    assert read.json == {"user": user}
    assert read.headers["ETag"] == made.headers["ETag"]


def test_an_id_is_made_where_none_is_chosen(call: Call) -> None:
    user = call("POST", "/users", body=ADA).json["user"]
    assert UUID(user["user_id"]).version == 4


def test_an_id_may_be_chosen(call: Call) -> None:
    assert call("POST", "/users", body={**ADA, "user_id": "ada"}).headers["Location"] == "/users/ada"


def test_times_are_in_utc_with_microseconds(call: Call) -> None:
    user = call("POST", "/users", body=ADA).json["user"]
    assert {user["timestamp"], user["created_at"], user["updated_at"]} == {"2030-01-01T12:00:00.000000Z"}


def test_a_body_of_bytes_is_read_too(call: Call) -> None:
    made = call("POST", "/users", body='{"name": "Zoë", "email": "zoe@example.com"}'.encode())
    assert made.json["user"]["name"] == "Zoë"


@pytest.mark.parametrize("text", ["user_id", "timestamp", "CURRENT", "#name", ":v", "EMAIL#a@b", "$ref"])
def test_words_of_the_store_are_words_like_any_other(call: Call, text: str) -> None:
    made = call("POST", "/users", body={**ADA, "name": text, "phone": text, "address": text})
    user = call("GET", "/users/{user_id}", path=made.json["user"]["user_id"]).json["user"]
    assert (user["name"], user["phone"], user["address"]) == (text, text, text)


@pytest.mark.parametrize("field", ["name", "email"])
def test_a_missing_field_is_named_in_quotes(call: Call, field: str) -> None:
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
        ('{"name": "a", "email": "a@b", "x": NaN}', 400),
        (r'{"name": "\ud800", "email": "a@b"}', 400),
        (r'{"name": "a\u0000", "email": "a@b"}', 400),
        ('{"x":' * 33 + "1" + "}" * 33, 400),
        ('{"name": "a", "email": "a@b", "age": 1e999}', 400),
        ('{"name": "a", "email": "a@b", "age": 30.0}', 400),
        (LONG_BODY, 413),
    ],
    ids=lambda value: repr(value)[:32],
)
def test_a_bad_body_is_refused(call: Call, body: object, status: int) -> None:
    refused = call("POST", "/users", body=body)
    assert refused.status == status
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_an_existing_id_is_a_conflict(call: Call) -> None:
    call("POST", "/users", body={**ADA, "user_id": "ada"})
    again = call("POST", "/users", body={"name": "B", "email": "b@example.com", "user_id": "ada"})
    assert (again.status, again.json["error"]) == (409, "User already exists")


@pytest.mark.parametrize("twin", ["ADA@EXAMPLE.COM", " ada@example.com ", "\uff41da@example.com"])
def test_an_email_in_use_is_a_conflict_however_it_is_written(call: Call, twin: str) -> None:
    call("POST", "/users", body=ADA)
    again = call("POST", "/users", body={"name": "B", "email": twin})
    assert (again.status, again.json["error"]) == (409, "Email already in use")
