"""The headers of requests and responses."""

from collections.abc import Mapping
from typing import Any

from lambdas.users.http.idempotency import HEADER, REPLAYED

TAG = '"2030-01-01T12:00:00.000000Z#eu-west-1"'

REQUEST: Mapping[str, Mapping[str, Any]] = {
    HEADER: {
        "description": "Names the request: a repeat with the same body, in any region, has the first answer",
        "schema": {"type": "string", "pattern": "^[\\x20-\\x7e]{1,128}$"},
    },
    "If-Match": {
        "description": "Serve the request only if the user is at one of these versions (RFC 9110, 13.1.1)",
        "schema": {"type": "string"},
        "example": TAG,
    },
    "If-None-Match": {
        "description": "Send the user only if it is at none of these versions (RFC 9110, 13.1.2)",
        "schema": {"type": "string"},
        "example": TAG,
    },
}

RESPONSE: Mapping[str, Mapping[str, Any]] = {
    "X-Region": {
        "description": "The region that served the request",
        "required": True,
        "schema": {"type": "string"},
        "example": "eu-west-1",
    },
    "X-Request-Id": {
        "description": "The request, as the log names it",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "The version of the user, for If-Match and If-None-Match",
        "required": True,
        "schema": {"type": "string", "pattern": '^".+"$'},
        "example": TAG,
    },
    "Location": {
        "description": "The path of the new user",
        "required": True,
        "schema": {"type": "string"},
        "example": "/users/ada",
    },
    "Link": {
        "description": "The next page, relative to this one (RFC 8288); absent on the last page",
        "schema": {"type": "string"},
        "example": '<?limit=50&cursor=WyI…>; rel="next"',
    },
    "Allow": {
        "description": "The methods of the path",
        "required": True,
        "schema": {"type": "string"},
        "example": "GET, PUT, DELETE",
    },
    "Retry-After": {
        "description": "After how many seconds to try again",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "example": "1",
    },
    REPLAYED: {
        "description": "`true` where this is the answer to an earlier request with the same key",
        "schema": {"type": "string", "enum": ["true"]},
    },
}

EVERY_RESPONSE = ("X-Region", "X-Request-Id")
