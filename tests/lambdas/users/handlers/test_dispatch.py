import re
from collections.abc import Callable

import pytest

from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.domain.repository import UserRepository
from lambdas.users.http.openapi.document import OPERATIONS
from tests.lambdas.gateway import FUNCTIONS, Call

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
REQUESTS = [
    ("POST", "/users", {"body": ADA}),
    ("POST", "/users", {"body": ADA, "headers": {"Idempotency-Key": "a key"}}),
    ("GET", "/users", {}),
    ("GET", "/users/{user_id}", {"path": "ada"}),
    ("PUT", "/users/{user_id}", {"path": "ada", "body": {}}),
    ("DELETE", "/users/{user_id}", {"path": "ada"}),
    ("POST", "/user", {"body": {"UserID": "ada", "Name": "Ada", "Email": "ada@example.com"}}),
    ("GET", "/user/{user_id}", {"path": "ada"}),
    ("DELETE", "/user/{user_id}", {"path": "ada"}),
    ("GET", "/health", {}),
    ("POST", "/batch", {"body": {"operation": "batch_write", "users": [ADA]}}),
    (
        "POST",
        "/batch",
        {"body": {"operation": "batch_write", "users": [ADA]}, "headers": {"Idempotency-Key": "k"}},
    ),
    ("POST", "/batch", {"body": {"operation": "batch_read", "user_ids": ["ada"]}}),
    ("POST", "/batch", {"body": {"operation": "batch_delete", "user_ids": ["ada", "b", "c"]}}),
    ("POST", "/batch", {"body": {"operation": "populate_sample_data"}}),
    ("GET", "/query", {"query": {"operation": "query_by_user", "user_id": "ada"}}),
    ("GET", "/query", {"query": {"operation": "query_by_email", "email": "ada@example.com"}}),
    ("GET", "/query", {"query": {"operation": "scan_by_age"}}),
    ("GET", "/query", {"query": {"operation": "query_by_age"}}),
    ("GET", "/query", {"query": {"operation": "query_user_history", "user_id": "ada"}}),
    ("GET", "/query", {"query": {"operation": "query_recent_users"}}),
    ("GET", "/query", {"query": {"operation": "search", "q": "ada"}}),
]


def test_what_is_served_is_what_is_documented() -> None:
    served = {
        (path, method.lower())
        for function in FUNCTIONS
        for path, methods in function.ROUTES.items()
        for method in methods
    }
    assert served == {(operation.path, operation.method) for operation in OPERATIONS}


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        ("/users", "POST, GET"),
        ("/users/{user_id}", "GET, PUT, DELETE"),
        ("/user", "POST"),
        ("/user/{user_id}", "GET, DELETE"),
        ("/batch", "POST"),
        ("/query", "GET"),
        ("/health", "GET"),
        ("/openapi.json", "GET"),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "TRACE", "HEAD", "OPTIONS", "get"])
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

    @pytest.mark.parametrize(("method", "resource", "parts"), REQUESTS)
    def test_an_outage_asks_the_client_to_come_back(
        self, call: Call, method: str, resource: str, parts: dict[str, object]
    ) -> None:
        answer = call(method, resource, **parts)
        assert answer.status == 503
        assert re.fullmatch("[1-9][0-9]*", answer.headers["Retry-After"])


class TestAccident:
    @pytest.fixture
    def users(self, failing: Callable[[Exception], UserRepository]) -> UserRepository:
        return failing(ZeroDivisionError("ada@example.com"))

    @pytest.mark.parametrize(("method", "resource", "parts"), REQUESTS)
    def test_an_accident_says_nothing_of_itself(
        self, call: Call, method: str, resource: str, parts: dict[str, object]
    ) -> None:
        answer = call(method, resource, **parts)
        assert answer.status == 500
        assert answer.json["detail"] == "Internal server error"
        assert not re.search("ada@|Zero|Traceback", answer.body)
