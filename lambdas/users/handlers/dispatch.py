"""From an event to the endpoint of its route, and from what happens there to a response and a log line."""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Protocol

from lambdas.users import bootstrap
from lambdas.users.bootstrap import Application
from lambdas.users.http import problem
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.requests import Request, parse
from lambdas.users.http.responses import Response, to_gateway

Endpoint = Callable[[Application, Request], Response]
Routes = Mapping[str, Mapping[str, Endpoint]]


class Invocation(Protocol):
    """The part of Lambda's context object that is read."""

    aws_request_id: str


def serve(event: Mapping[str, object], invocation: Invocation, routes: Routes) -> dict[str, object]:
    """Return the proxy response to an API Gateway event, by routes of template and then method."""
    began = perf_counter()
    app = bootstrap.application()
    request = parse(event, invocation_id=invocation.aws_request_id)
    response, failure = _answer(app, request, routes)
    app.telemetry.record(
        request_id=request.id,
        route=request.resource,
        method=request.method,
        status=response.status,
        duration_ms=(perf_counter() - began) * 1000,
        failure=failure,
    )
    return to_gateway(response, request_id=request.id, region=app.region)


def _answer(app: Application, request: Request, routes: Routes) -> tuple[Response, Exception | None]:
    """Run the endpoint: an exception ends here, and is a problem to the client."""
    try:
        return _endpoint(routes, request)(app, request), None
    except Exception as failure:
        return problem.answer(failure, request_id=request.id), failure


def _endpoint(routes: Routes, request: Request) -> Endpoint:
    """Find the endpoint for a route and method."""
    methods = routes.get(request.resource)
    if methods is None:
        raise InvalidRequest("Not found", status=404)
    if request.method not in methods:
        allow = {"Allow": ", ".join(methods)}
        raise InvalidRequest("Method not allowed", status=405, headers=allow)
    return methods[request.method]
