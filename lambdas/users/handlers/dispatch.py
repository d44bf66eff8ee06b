"""From an event to the endpoint of its route, and from what happens there to a response and a log line."""

from collections.abc import Mapping
from time import perf_counter
from typing import Protocol

from lambdas.users import bootstrap
from lambdas.users.adapters.meter import metering
from lambdas.users.bootstrap import Application
from lambdas.users.handlers.routes import Routes, endpoint_of
from lambdas.users.http import problem
from lambdas.users.http.requests import Request, parse
from lambdas.users.http.responses import Response, to_gateway
from lambdas.users.settings import in_lambda


class Invocation(Protocol):
    """The part of Lambda's context object that is read."""

    aws_request_id: str


def serve(event: Mapping[str, object], invocation: Invocation, routes: Routes) -> dict[str, object]:
    """Return the proxy response to an API Gateway event, by routes of template and then method."""
    began = perf_counter()
    app = bootstrap.application()
    request = parse(event, invocation_id=invocation.aws_request_id)
    with metering() as meter:
        response, failure = _answer(app, request, routes)
    app.telemetry.record(
        request_id=request.id,
        route=request.resource if request.resource in routes else "unknown",
        method=request.method,
        status=response.status,
        duration_ms=(perf_counter() - began) * 1000,
        capacity=meter.capacity,
        requests=meter.requests,
        failure=failure,
    )
    return to_gateway(response, request_id=request.id, region=app.region)


def _answer(app: Application, request: Request, routes: Routes) -> tuple[Response, Exception | None]:
    """Run the endpoint: an exception ends here, and is a problem to the client."""
    try:
        return endpoint_of(request, routes)(app, request), None
    except Exception as failure:
        return problem.answer(failure, request_id=request.id), failure


if in_lambda():
    # Wiring takes 90 ms of CPU time, and the first request 5. While it starts, a function has a whole CPU or
    # more; afterwards, its share by memory: 0.29 of one at 512 MB, where the same wiring lasts 300 ms.
    bootstrap.application()
