import json

import pytest

from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    Fault,
    InvalidUser,
    RegionFenced,
    RepositoryUnavailable,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.fence import FENCE_SETTLES_S
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.problem import TITLES, answer

MISSING_NAME = Fault("name", "text of 1 to 200 characters after trimming", missing=True)
BAD_AGE = Fault("age", "an integer from 0 to 150")


@pytest.mark.parametrize(
    ("failure", "status", "text"),
    [
        (InvalidRequest("The body is not valid JSON"), 400, "The body is not valid JSON"),
        (InvalidRequest("Too long", status=413), 413, "Too long"),
        (InvalidUser((MISSING_NAME,)), 400, "Missing required field: 'name'"),
        (InvalidUser((BAD_AGE,)), 400, "Invalid field: 'age'"),
        (InvalidUser((BAD_AGE, MISSING_NAME)), 400, "Missing required field: 'name'"),
        (UserNotFound(), 404, "User not found"),
        (UserAlreadyExists(), 409, "User already exists"),
        (EmailAlreadyInUse(), 409, "Email already in use"),
        (RepositoryUnavailable(), 503, "Service temporarily unavailable"),
        (RegionFenced(), 503, "Writes are paused in this region"),
        (KeyError("ada@example.com"), 500, "Internal server error"),
    ],
    ids=repr,
)
def test_each_failure_is_one_problem(failure: Exception, status: int, text: str) -> None:
    response = answer(failure, request_id="6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10")
    problem = json.loads(response.body)
    errors = problem.pop("errors", None)
    assert response.status == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem == {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": text,
        "instance": "urn:uuid:6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10",
        "error": text,
    }
    assert (errors is not None) == isinstance(failure, InvalidUser | UserAlreadyExists | EmailAlreadyInUse)


@pytest.mark.parametrize(
    ("failure", "errors"),
    [
        (
            InvalidUser((MISSING_NAME, BAD_AGE)),
            [
                {"pointer": "/name", "detail": "must be text of 1 to 200 characters after trimming"},
                {"pointer": "/age", "detail": "must be an integer from 0 to 150"},
            ],
        ),
        (UserAlreadyExists(), [{"pointer": "/user_id", "detail": "User already exists"}]),
        (EmailAlreadyInUse(), [{"pointer": "/email", "detail": "Email already in use"}]),
    ],
    ids=["faults", "id", "email"],
)
def test_a_problem_with_fields_points_at_them(failure: Exception, errors: list[dict[str, str]]) -> None:
    assert json.loads(answer(failure, request_id="r").body)["errors"] == errors


def test_a_refusal_brings_its_headers() -> None:
    refusal = InvalidRequest("Method not allowed", status=405, headers={"Allow": "GET"})
    assert answer(refusal, request_id="r").headers["Allow"] == "GET"


def test_a_client_is_told_when_to_come_back() -> None:
    assert int(answer(RepositoryUnavailable(), request_id="r").headers["Retry-After"]) > 0


def test_a_client_of_a_fenced_region_is_told_to_come_back_when_it_may_have_heard_otherwise() -> None:
    assert int(answer(RegionFenced(), request_id="r").headers["Retry-After"]) == FENCE_SETTLES_S
