"""An API Gateway REST proxy event, as a typed request."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct, field

from lambdas.users.domain.errors import UserNotFound
from lambdas.users.domain.user import UserId
from lambdas.users.http.body import MAX_BYTES, json_object


class _Context(Struct, frozen=True, rename="camel"):
    """The part of `requestContext` that is read."""

    request_id: str | None = None


class _Event(Struct, frozen=True, rename="camel"):
    """The part of an event that is read; API Gateway writes null for what a request does not have."""

    resource: str = ""
    http_method: str = ""
    headers: dict[str, str] | None = None
    path_parameters: dict[str, str] | None = None
    query_string_parameters: dict[str, str] | None = None
    body: str | None = None
    is_base64_encoded: bool | None = None
    request_context: _Context = field(default_factory=_Context)


class Request(Struct, frozen=True, kw_only=True):
    """One request: `resource` is the route's template, and the names of headers are in lower case.

    Of a query parameter that is given more than once, the last value counts, as API Gateway has it.
    """

    id: str
    method: str
    resource: str
    headers: Mapping[str, str] = {}
    path: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    body: str | None = None
    base64_encoded: bool = False

    def json(self, *, max_bytes: int = MAX_BYTES) -> dict[str, object]:
        """Return the JSON object in the body; raises InvalidRequest."""
        return json_object(self.body, base64_encoded=self.base64_encoded, max_bytes=max_bytes)

    def user_id(self) -> str:
        """Return the id in the path; raises UserNotFound for text that no user can have as its id."""
        try:
            return msgspec.convert(self.path.get("user_id"), UserId)
        except msgspec.ValidationError:
            raise UserNotFound from None


def parse(event: Mapping[str, object], *, invocation_id: str) -> Request:
    """Return the request in an event; it has the id of the invocation where the gateway gave it none."""
    read = msgspec.convert(event, _Event)
    return Request(
        id=read.request_context.request_id or invocation_id,
        method=read.http_method,
        resource=read.resource,
        headers={name.lower(): value for name, value in (read.headers or {}).items()},
        path=read.path_parameters or {},
        query=read.query_string_parameters or {},
        body=read.body,
        base64_encoded=bool(read.is_base64_encoded),
    )
