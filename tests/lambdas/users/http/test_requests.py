import pytest

from lambdas.users.domain.errors import UserNotFound
from lambdas.users.http.requests import Request, parse


def test_the_names_of_headers_are_read_without_their_case() -> None:
    event = {"headers": {"If-None-Match": '"a"', "X-CUSTOM": "b"}}
    assert parse(event, invocation_id="i").headers == {"if-none-match": '"a"', "x-custom": "b"}


def test_what_the_gateway_writes_as_null_is_absent() -> None:
    event = {
        "resource": "/users",
        "httpMethod": "POST",
        "headers": None,
        "pathParameters": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {"requestId": "r"},
    }
    assert parse(event, invocation_id="i") == Request(id="r", method="POST", resource="/users")


def test_a_request_that_came_without_a_gateway_has_the_id_of_its_invocation() -> None:
    assert parse({}, invocation_id="i").id == "i"


@pytest.mark.parametrize(
    "user_id", ["", "a b", "x" * 129, "EMAIL#ada@example.com", "ada\n", "\0", "é", "a%20b"]
)
def test_an_id_that_nobody_can_have_is_nobodys(user_id: str) -> None:
    request = Request(id="r", method="GET", resource="/users/{user_id}", path={"user_id": user_id})
    with pytest.raises(UserNotFound):
        request.user_id()


def test_an_id_that_somebody_can_have_is_read_from_the_path() -> None:
    request = Request(id="r", method="GET", resource="/users/{user_id}", path={"user_id": "A-z_9"})
    assert request.user_id() == "A-z_9"
