"""The function that finds users, and says what that cost."""

from collections.abc import Callable, Mapping

from lambdas.users.adapters.meter import Meter, metering
from lambdas.users.bootstrap import Application
from lambdas.users.handlers import find_by_age, find_by_name, find_one, find_recent, find_versions
from lambdas.users.handlers.dispatch import Invocation, serve
from lambdas.users.handlers.routes import Routes
from lambdas.users.http import queries
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response

Operation = Callable[[Application, Request, Meter], Response]

OPERATIONS: Mapping[str, Operation] = {
    "query_by_user": find_one.by_user_id,
    "query_by_email": find_one.by_email,
    "scan_by_age": find_by_age.scan,
    "query_by_age": find_by_age.query,
    "query_user_history": find_versions.history,
    "query_recent_users": find_recent.recent,
    "search": find_by_name.search,
}


def find(app: Application, request: Request) -> Response:
    """Run the query that is named, or list all; raises InvalidRequest or UserNotFound."""
    operation = OPERATIONS.get(request.query.get("operation", ""))
    if operation is None:
        return json_response(200, queries.listing())
    with metering() as meter:
        return operation(app, request, meter)


ROUTES: Routes = {"/query": {"GET": find}}


def handler(event: Mapping[str, object], context: Invocation) -> dict[str, object]:
    """Serve an API Gateway event."""
    return serve(event, context, ROUTES)
