"""The failures that the document names."""

from collections.abc import Mapping
from typing import Any

from lambdas.users.http.openapi import examples
from lambdas.users.http.openapi.headers import EVERY_RESPONSE
from lambdas.users.http.problem import MEDIA_TYPE, TITLES

EVERYWHERE = (405, 500, 503)

# What each status means, and a detail.
PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("The request breaks a rule, and says which", "Missing required field: 'name'"),
    404: ("There is nothing here", "User not found"),
    405: ("The path has other methods", "Method not allowed"),
    409: ("Somebody else has the id or the email", "Email already in use"),
    412: ("If-Match names no current version", "The user is at another version"),
    413: ("The body is too long", "The body is longer than 65536 bytes"),
    422: ("The key belongs to another request", "The Idempotency-Key was used for another request"),
    500: ("A fault of the service", "Internal server error"),
    503: ("The same request may succeed later", "Service temporarily unavailable"),
}
_HEADERS = {405: ("Allow",), 503: ("Retry-After",)}


def name(status: int) -> str:
    """Return the name of a problem's component."""
    return TITLES[status].replace(" ", "")


def components() -> dict[str, Any]:
    """Return a response for each problem."""
    return {name(status): _response(status) for status in PROBLEMS}


def _response(status: int) -> dict[str, Any]:
    """Describe a problem."""
    description, detail = PROBLEMS[status]
    headers = (*EVERY_RESPONSE, *_HEADERS.get(status, ()))
    return {
        "description": description,
        "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in headers},
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": examples.problem(status, detail),
            }
        },
    }
