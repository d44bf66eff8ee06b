import json
from collections.abc import Callable

from lambdas.users.domain.user import User
from lambdas.users.http.responses import created, found, not_modified, to_gateway

ADA = {
    "user_id": "ada",
    "timestamp": "2030-01-01T12:00:00.000000Z",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "age": 0,
    "created_at": "2030-01-01T12:00:00.000000Z",
    "updated_at": "2030-01-01T12:00:00.000000Z",
    "version": 1,
}
TAG = '"2030-01-01T12:00:00.000000Z#eu-west-1"'


def test_a_new_user_comes_with_its_place_and_tag(made: Callable[..., User]) -> None:
    response = created(made())
    assert response.status == 201
    assert response.headers == {"Content-Type": "application/json", "Location": "/users/ada", "ETag": TAG}
    assert json.loads(response.body) == {"message": "User created successfully", "user": ADA}


def test_a_user_shows_only_what_it_has(made: Callable[..., User]) -> None:
    assert json.loads(found(made()).body) == {"user": ADA}
    full = {**ADA, "phone": "", "address": "12 St James's Square"}
    assert json.loads(found(made(phone="", address="12 St James's Square")).body) == {"user": full}


def test_an_age_is_written_as_an_integer(made: Callable[..., User]) -> None:
    assert '"age":36,' in found(made(age=36)).body


def test_what_is_not_modified_has_a_tag_and_no_body(made: Callable[..., User]) -> None:
    response = not_modified(made())
    assert (response.status, response.headers, response.body) == (304, {"ETag": TAG}, "")


def test_the_gateway_is_told_region_and_request(made: Callable[..., User]) -> None:
    answer = to_gateway(not_modified(made()), request_id="r", region="eu-west-1")
    assert answer == {
        "statusCode": 304,
        "headers": {"ETag": TAG, "X-Request-Id": "r", "X-Region": "eu-west-1"},
        "body": "",
        "isBase64Encoded": False,
    }
