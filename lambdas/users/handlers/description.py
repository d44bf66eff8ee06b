"""What the API says of itself."""

from lambdas.users.bootstrap import Application
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response


def show(_app: Application, _request: Request) -> Response:
    """Return the OpenAPI document."""
    from lambdas.users.http.openapi.document import encoded  # noqa: PLC0415  # a cold start need not pay for it

    return Response(status=200, headers={"Content-Type": "application/json"}, body=encoded())
