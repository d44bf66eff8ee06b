"""What each call of the API asks of DynamoDB, counted at the seam and told in the log."""

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from lambdas.users.adapters.dynamodb import DynamoUsers
from lambdas.users.adapters.item import current_row
from lambdas.users.domain.user import User
from tests.lambdas.conftest import REGION
from tests.lambdas.gateway import Answer

Call = Callable[..., Answer]


class Counting:
    """A DynamoDB that has one user under every id, nothing in its indexes, and counts what it is asked."""

    def __init__(self, user: User) -> None:
        self._row = current_row(user)
        self.asked: Counter[str] = Counter()

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        self.asked[operation] += 1
        keys = request.get("RequestItems", {}).get("users", {}).get("Keys", [])
        answers: dict[str, dict[str, Any]] = {
            "GetItem": {"Item": self._row},
            "BatchGetItem": {"Responses": {"users": [{**self._row, **key} for key in keys]}},
            "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
            "TransactWriteItems": {},
        }
        return answers[operation]


@pytest.fixture
def dynamo(made: Callable[..., User]) -> Counting:
    return Counting(made())


@pytest.fixture
def users(dynamo: Counting) -> DynamoUsers:
    return DynamoUsers(table="users", region=REGION, retention=timedelta(1), call=dynamo, probe=dynamo)


NEW = {"name": "Grace Hopper", "email": "grace@example.com"}
HUNDRED = [f"user-{number}" for number in range(100)]


@pytest.mark.parametrize(
    ("method", "resource", "parts", "asked"),
    [
        ("GET", "/users/{user_id}", {"path": "ada"}, {"GetItem": 1}),
        ("POST", "/users", {"body": NEW}, {"TransactWriteItems": 1}),
        ("PUT", "/users/{user_id}", {"path": "ada", "body": NEW}, {"GetItem": 1, "TransactWriteItems": 1}),
        ("POST", "/batch", {"body": {"operation": "batch_read", "user_ids": HUNDRED}}, {"BatchGetItem": 1}),
        ("GET", "/users", {}, {"Query": 8}),
        ("GET", "/health", {}, {"GetItem": 1}),
    ],
)
def test_a_call_asks_no_more_than_it_needs(
    call: Call,
    dynamo: Counting,
    log: io.StringIO,
    method: str,
    resource: str,
    parts: dict[str, Any],
    asked: dict[str, int],
) -> None:
    answer = call(method, resource, **parts)
    assert answer.status in (200, 201)
    assert dynamo.asked == asked
    assert json.loads(log.getvalue())["dynamodb_requests"] == sum(asked.values())
