"""Requests, as API Gateway hands them to a function."""

from __future__ import annotations

import json
from typing import Any


class Invocation:
    """What a function reads of Lambda's context."""

    aws_request_id = "0b6d1f0a-58a4-4b5a-8a55-7d3c3c3f9a11"
    function_name = "users"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:000000000000:function:users"


def event(
    method: str,
    resource: str,
    *,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: object = None,
) -> dict[str, Any]:
    """Return the proxy event of one request; the path is the resource with its parameters filled in."""
    url = resource.format(**(path or {}))
    headers = {"Accept": "application/json", "Content-Type": "application/json", "Host": "users.example.com"}
    return {
        "resource": resource,
        "path": url,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {k: [v] for k, v in query.items()} if query else None,
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": {
            "requestId": "6f1c0f4e-8a5f-4a3e-9a44-0f6f3c9b7d10",
            "resourcePath": resource,
            "httpMethod": method,
            "path": url,
            "stage": "live",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


GET = event("GET", "/users/{user_id}", path={"user_id": "ada"})
HISTORY = event("GET", "/query", query={"operation": "query_user_history", "user_id": "ada", "limit": "50"})
