"""What each call of the API asks of DynamoDB, counted at the seam and told in the log."""

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from lambdas.users.adapters.dynamodb import DynamoUsers
from lambdas.users.adapters.item import current_row, region_key
from lambdas.users.adapters.register import TableRegister
from lambdas.users.domain.fence import Fence
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
            "GetItem": {} if request.get("Key") == region_key(REGION) else {"Item": self._row},
            "BatchGetItem": {"Responses": {"users": [{**self._row, **key} for key in keys]}},
            "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
            "TransactWriteItems": {},
        }
        return answers[operation]


@pytest.fixture
def dynamo(made: Callable[..., User]) -> Counting:
    return Counting(made())


@pytest.fixture
def fence(dynamo: Counting) -> Fence:
    return Fence(TableRegister(table="users", region=REGION, call=dynamo))


@pytest.fixture
def users(dynamo: Counting) -> DynamoUsers:
    return DynamoUsers(table="users", region=REGION, retention=timedelta(1), call=dynamo, probe=dynamo)


NEW = {"name": "Grace Hopper", "email": "grace@example.com"}
HUNDRED = [f"user-{number}" for number in range(100)]


@pytest.mark.parametrize(
    ("method", "resource", "parts", "asked"),
    [
        ("GET", "/users/{user_id}", {"path": "ada"}, {"GetItem": 1}),
        ("POST", "/users", {"body": NEW}, {"GetItem": 1, "TransactWriteItems": 1}),
        ("PUT", "/users/{user_id}", {"path": "ada", "body": NEW}, {"GetItem": 2, "TransactWriteItems": 1}),
        ("POST", "/batch", {"body": {"operation": "batch_read", "user_ids": HUNDRED}}, {"BatchGetItem": 1}),
        ("GET", "/users", {}, {"Query": 8}),
        ("GET", "/health", {}, {"GetItem": 1}),
    ],
)
def test_the_first_call_of_a_process_asks_no_more_than_it_needs(
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


def test_whether_the_region_is_fenced_is_asked_once_for_many_writes(
    call: Call, dynamo: Counting, log: io.StringIO
) -> None:
    for _ in range(3):
        call("POST", "/users", body=NEW)
    assert dynamo.asked == {"GetItem": 1, "TransactWriteItems": 3}
    assert [json.loads(line)["dynamodb_requests"] for line in log.getvalue().splitlines()] == [2, 1, 1]
