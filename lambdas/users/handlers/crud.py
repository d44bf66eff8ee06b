"""One user at a time, and the health of the region that serves them."""

from collections.abc import Mapping

from lambdas.users.bootstrap import Application
from lambdas.users.domain.user import first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.handlers import health
from lambdas.users.handlers.dispatch import Invocation, Routes, serve
from lambdas.users.http import responses
from lambdas.users.http.etag import is_fresh
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response


def create(app: Application, request: Request) -> Response:
    """Make a user of the body; raises InvalidRequest, InvalidUser, UserAlreadyExists or EmailAlreadyInUse."""
    new = new_user(request.json())
    user = first_version(new, user_id=new.user_id or app.new_id(), at=app.now(), region=app.region)
    app.users.create(user)
    return responses.created(user)


def read(app: Application, request: Request) -> Response:
    """Show the user that the path names; raises UserNotFound."""
    user = app.users.get(request.user_id())
    if is_fresh(request.headers.get("if-none-match"), user):
        return responses.not_modified(user)
    return responses.found(user)


ROUTES: Routes = {
    "/users": {"POST": create},
    "/users/{user_id}": {"GET": read},
    "/health": {"GET": health.check},
}


def handler(event: Mapping[str, object], context: Invocation) -> dict[str, object]:
    """Serve an API Gateway event."""
    return serve(event, context, ROUTES)
