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
WRITE_UNAVAILABLE = "WriteUnavailable"
_NO_WRITE = (
    "The same request, with the same key if it has one, may succeed later. Where writes are paused, while "
    "traffic moves to the other region, nothing was written; otherwise something may have been",
    "Writes are paused in this region",
)
_HEADERS = {405: ("Allow",), 503: ("Retry-After",)}


def name(status: int, *, write: bool = False) -> str:
    """Return the name of a problem's component; that of a write may have reasons of its own."""
    return WRITE_UNAVAILABLE if write and status == 503 else TITLES[status].replace(" ", "")


def components() -> dict[str, Any]:
    """Return a response for each problem."""
    named = {name(status): _response(status, *told) for status, told in PROBLEMS.items()}
    return {**named, WRITE_UNAVAILABLE: _response(503, *_NO_WRITE)}


def _response(status: int, description: str, detail: str) -> dict[str, Any]:
    """Describe a problem."""
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
