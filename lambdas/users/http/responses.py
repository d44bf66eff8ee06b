"""Responses, with their bodies encoded."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
from msgspec import UNSET, Struct, UnsetType

from lambdas.users.domain.user import User
from lambdas.users.http.answers import UserFound, UserSaved
from lambdas.users.http.etag import etag
from lambdas.users.http.views import user_view


class Response(Struct, frozen=True, kw_only=True):
    """One response, with its body already encoded."""

    status: int
    headers: Mapping[str, str] = {}
    body: str = ""


def json_response(
    status: int,
    document: object,
    *,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """Return a response with a document of structs, dicts, lists and plain values as its JSON."""
    body = msgspec.json.encode(document).decode()
    return Response(status=status, headers={"Content-Type": media_type, **(headers or {})}, body=body)


def created(user: User) -> Response:
    """Return the 201 for a user who is new."""
    document = UserSaved(message="User created successfully", user=user_view(user))
    return json_response(201, document, headers={"Location": f"/users/{user.user_id}", "ETag": etag(user)})


def updated(user: User) -> Response:
    """Return the 200 for a user who was changed."""
    document = UserSaved(message="User updated successfully", user=user_view(user))
    return json_response(200, document, headers={"ETag": etag(user)})


def found(user: User) -> Response:
    """Return the 200 for one user."""
    return json_response(200, UserFound(user=user_view(user)), headers={"ETag": etag(user)})


def not_modified(user: User) -> Response:
    """Return the 304 for a client who has this version already."""
    return Response(status=304, headers={"ETag": etag(user)})


def page(document: Struct, *, query: Mapping[str, str], cursor: str | UnsetType) -> Response:
    """Return the 200 for one page of a listing, with a link to the next one if there is a cursor for it.

    The link (RFC 8288) is a reference of a query alone: relative to the request, it holds behind any host and
    stage.
    """
    if cursor is UNSET:
        return json_response(200, document)
    link = f'<?{urlencode({**query, "cursor": cursor})}>; rel="next"'
    return json_response(200, document, headers={"Link": link})


def to_gateway(response: Response, *, request_id: str, region: str) -> dict[str, object]:
    """Return a response in the shape that API Gateway's proxy integration takes."""
    return {
        "statusCode": response.status,
        "headers": {**response.headers, "X-Request-Id": request_id, "X-Region": region},
        "body": response.body,
        "isBase64Encoded": False,
    }
