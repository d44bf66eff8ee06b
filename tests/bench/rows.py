"""The rows that the stub answers with, as the adapter writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lambdas.users.adapters.item import current_row, history_row, region_key
from lambdas.users.domain.user import User, first_version, next_version
from lambdas.users.domain.validation import new_user

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
VERSIONS = 50


def ada() -> list[User]:
    """Return a user's versions, oldest first."""
    new = new_user(
        {"name": "Ada Lovelace", "email": "ada@example.com", "age": 36, "phone": "+44 20 7946 0000"}
    )
    versions = [first_version(new, user_id="ada", at=NOON, region="eu-west-1")]
    for number in range(1, VERSIONS):
        at = NOON + timedelta(minutes=number)
        versions.append(next_version(versions[-1], versions[-1].profile, at=at, region="eu-west-1"))
    return versions


def answers() -> dict[str, Any]:
    """Return what DynamoDB says to the requests that are measured; a filter of versions is ours to apply."""
    versions = ada()
    current = current_row(versions[-1])
    history = [history_row(user, retention=timedelta(days=30)) for user in reversed(versions)]

    def query(request: dict[str, Any]) -> dict[str, Any]:
        rows = history[: request["Limit"]]
        return {"Items": rows, "Count": len(rows), "ScannedCount": len(rows)}

    no_state = region_key("eu-west-1")
    return {
        "GetItem": lambda request: {} if request.get("Key") == no_state else {"Item": current},
        "Query": query,
        "TransactWriteItems": lambda _request: {},
        "BatchGetItem": lambda _request: {"Responses": {"users": []}, "UnprocessedKeys": {}},
    }
