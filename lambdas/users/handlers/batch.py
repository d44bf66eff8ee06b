"""The function that serves many users in one request."""

from collections.abc import Callable, Mapping

from lambdas.users.bootstrap import Application
from lambdas.users.handlers import batch_ids, batch_write, samples
from lambdas.users.handlers.dispatch import Invocation, serve
from lambdas.users.handlers.routes import Routes
from lambdas.users.handlers.writing import unless_fenced
from lambdas.users.http import idempotency
from lambdas.users.http.bodies import MAX_BATCH_BYTES
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response

Operation = Callable[[Application, Request, Mapping[str, object]], Response]

OPERATIONS: Mapping[str, Operation] = {
    "batch_write": unless_fenced(batch_write.write),
    "batch_read": batch_ids.read,
    "batch_delete": unless_fenced(batch_ids.delete),
    "populate_sample_data": unless_fenced(samples.populate),
}


def run(app: Application, request: Request) -> Response:
    """Do what the body names as its operation; raises InvalidRequest, and what the operation raises."""
    idempotency.key_of(request)  # only batch_write has a use for it, but it is held to its form in any case
    document = request.json(max_bytes=MAX_BATCH_BYTES)
    operation = document.get("operation")
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise InvalidRequest(f"Invalid operation. Supported: {', '.join(OPERATIONS)}")
    return OPERATIONS[operation](app, request, document)


ROUTES: Routes = {"/batch": {"POST": run}}


def handler(event: Mapping[str, object], context: Invocation) -> dict[str, object]:
    """Serve an API Gateway event."""
    return serve(event, context, ROUTES)
