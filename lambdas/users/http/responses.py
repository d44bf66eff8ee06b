"""Responses, and the JSON that a user is shown as."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from lambdas.users.domain.user import User
from lambdas.users.http.etag import etag


class Response(Struct, frozen=True, kw_only=True):
    """One response, with its body already encoded."""

    status: int
    headers: Mapping[str, str] = {}
    body: str = ""


class UserView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A user as clients see it; `timestamp` is that of its current version."""

    user_id: str
    timestamp: str
    name: str
    email: str
    age: int
    phone: str | None = None
    address: str | None = None
    created_at: str
    updated_at: str
    version: int


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
    document = {"message": "User created successfully", "user": user_view(user)}
    return json_response(201, document, headers={"Location": f"/users/{user.user_id}", "ETag": etag(user)})


def found(user: User) -> Response:
    """Return the 200 for one user."""
    return json_response(200, {"user": user_view(user)}, headers={"ETag": etag(user)})


def not_modified(user: User) -> Response:
    """Return the 304 for a client who has this version already."""
    return Response(status=304, headers={"ETag": etag(user)})


def user_view(user: User) -> UserView:
    """Return what clients see of a user."""
    profile, version = user.profile, user.version
    return UserView(
        user_id=user.user_id,
        timestamp=version.at,
        name=profile.name,
        email=profile.email,
        age=profile.age,
        phone=profile.phone,
        address=profile.address,
        created_at=user.created_at,
        updated_at=version.at,
        version=version.number,
    )


def to_gateway(response: Response, *, request_id: str, region: str) -> dict[str, object]:
    """Return a response in the shape that API Gateway's proxy integration takes."""
    return {
        "statusCode": response.status,
        "headers": {**response.headers, "X-Request-Id": request_id, "X-Region": region},
        "body": response.body,
        "isBase64Encoded": False,
    }
