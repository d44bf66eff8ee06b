import json
from uuid import UUID

import pytest

from tests.lambdas.gateway import Call

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
KEY = {"Idempotency-Key": "a key"}


@pytest.mark.parametrize("chosen", [{}, {"user_id": "ada"}])
def test_a_repeat_has_the_first_answer(call: Call, chosen: dict[str, str]) -> None:
    first = call("POST", "/users", body={**ADA, **chosen}, headers=KEY)
    again = call("POST", "/users", body={**ADA, **chosen}, headers=KEY)
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert again.headers == {**first.headers, "Idempotent-Replayed": "true"}


def test_a_repeat_has_the_first_answer_though_the_user_is_another_by_now(call: Call) -> None:
    first = call("POST", "/users", body={**ADA, "user_id": "ada"}, headers=KEY)
    call("PUT", "/users/{user_id}", path="ada", body={"name": "B"})
    assert call("POST", "/users", body={**ADA, "user_id": "ada"}, headers=KEY).body == first.body


def test_a_body_is_the_same_in_any_order_and_spacing(call: Call) -> None:
    first = call("POST", "/users", body=json.dumps(ADA), headers=KEY)
    turned = dict(reversed(ADA.items()))
    assert call("POST", "/users", body=json.dumps(turned, indent=2), headers=KEY).body == first.body


def test_an_id_comes_from_the_key(call: Call) -> None:
    user_id = call("POST", "/users", body=ADA, headers=KEY).json["user"]["user_id"]
    other = call("POST", "/users", body={**ADA, "email": "b@c"}, headers={"Idempotency-Key": "another"})
    assert UUID(user_id).version == UUID(other.json["user"]["user_id"]).version == 5
    assert user_id != other.json["user"]["user_id"]


@pytest.mark.parametrize("other", [{"name": "B"}, {"age": 1}, {"user_id": "b"}, {"unknown": 1}])
def test_a_key_for_another_body_is_refused(call: Call, other: dict[str, object]) -> None:
    call("POST", "/users", body=ADA, headers=KEY)
    refused = call("POST", "/users", body={**ADA, **other}, headers=KEY)
    assert (refused.status, refused.json["title"]) == (422, "Unprocessable Content")


def test_a_key_for_another_resource_is_refused(call: Call) -> None:
    call("POST", "/users", body={**ADA, "operation": "batch_write", "users": [ADA]}, headers=KEY)
    body = {**ADA, "operation": "batch_write", "users": [ADA]}
    assert call("POST", "/batch", body=body, headers=KEY).status == 422


def test_a_refusal_is_judged_anew(call: Call) -> None:
    call("POST", "/users", body={**ADA, "user_id": "ada"})
    assert call("POST", "/users", body=ADA, headers=KEY).status == 409
    call("DELETE", "/users/{user_id}", path="ada")
    created = call("POST", "/users", body=ADA, headers=KEY)
    assert (created.status, created.headers.get("Idempotent-Replayed")) == (201, None)


@pytest.mark.parametrize("key", ["", "x" * 129, "é", "a\tb", "a\n", "\x7f"])
@pytest.mark.parametrize(
    ("path", "body"), [("/users", ADA), ("/batch", {"operation": "batch_write", "users": [ADA]})]
)
def test_what_cannot_be_a_key_is_refused(call: Call, key: str, path: str, body: object) -> None:
    refused = call("POST", path, body=body, headers={"Idempotency-Key": key})
    assert refused.status == 400
    assert "Idempotency-Key" in refused.json["detail"]


@pytest.mark.parametrize("key", ["x", " ", "~" * 128])
def test_any_printable_text_is_a_key(call: Call, key: str) -> None:
    assert call("POST", "/users", body=ADA, headers={"idempotency-KEY": key}).status == 201
