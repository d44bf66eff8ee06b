"""What the document cannot say of requests, told to schemathesis."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure

# Reasons to refuse a request that no JSON Schema can give.
UNSAID = (
    "The body holds NUL or half a surrogate pair",
    "Invalid parameter: 'cursor' is not one that this listing gave out",
    "Invalid parameter: 'cursor' must be the next_cursor of the page before",
    # 30.0 is no integer, whatever JSON Schema says.
    "Invalid field: 'age'",
    "Invalid field: 'Age'",
)
# The request line and headers that API Gateway takes are 10,240 bytes, and what refuses more is not the API.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
LONGEST_QUERY = 8_000
# One parameter chooses the query, and made up text would hardly ever name one.
QUERIES = cycle(
    (
        {"operation": "query_by_user", "user_id": "sample-ada"},
        {"operation": "query_by_email", "email": "ADA@sample.example"},
        {"operation": "scan_by_age", "max_age": "40"},
        {"operation": "query_by_age", "limit": "1"},
        {"operation": "query_user_history", "user_id": "sample-ada"},
        {"operation": "query_recent_users", "hours": "1"},
        {"operation": "search", "q": "a"},
        {},
    )
)


@schemathesis.hook
def filter_failure(
    context: HookContext,  # noqa: ARG001
    failure: Failure,
    case: Case[Any],  # noqa: ARG001
    response: Response,
) -> bool:
    """Keep a failure, but for a refusal with such a reason."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 400:
        return True
    return not any(f'"error":{json.dumps(reason)}'.encode() in response.content for reason in UNSAID)


@schemathesis.hook
def filter_case(context: HookContext, case: Case[Any]) -> bool:  # noqa: ARG001
    """Keep a request that reaches the API."""
    return len(urlencode(case.query, doseq=True, errors="replace")) < LONGEST_QUERY


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:  # noqa: ARG001
    """Ask a query that exists, with what was made up for its parameters."""
    if case.operation.label == "GET /query" and "operation" not in case.query:
        case.query = {**next(QUERIES), **case.query}
