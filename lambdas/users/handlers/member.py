"""One user: how it is shown, changed and removed."""

from lambdas.users.bootstrap import Application
from lambdas.users.domain.user import User, next_version
from lambdas.users.domain.validation import changed_profile
from lambdas.users.handlers.latest import remove, write_to_latest
from lambdas.users.http import responses
from lambdas.users.http.answers import Done
from lambdas.users.http.etag import is_fresh
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response


def show(app: Application, request: Request) -> Response:
    """Show the user that the path names; raises UserNotFound."""
    user = app.users.get(request.user_id())
    if is_fresh(request.headers.get("if-none-match"), user):
        return responses.not_modified(user)
    return responses.found(user)


def update(app: Application, request: Request) -> Response:
    """Change what the body names of a user.

    It always writes a version: what changes nothing here may do so in the other region, which this one may be
    behind, and an answer of 200 must not be lost. Raises InvalidRequest, UserNotFound, InvalidUser or
    EmailAlreadyInUse.
    """
    fields = request.json()

    def change(user: User) -> User:
        profile = changed_profile(user.profile, fields)
        changed = next_version(user, profile, at=app.now(), region=app.region)
        app.users.update(changed, former_email=user.profile.email)
        return changed

    return responses.updated(write_to_latest(app, request.user_id(), change, if_match=_if_match(request)))


def delete(app: Application, request: Request) -> Response:
    """Remove a user and its versions; raises InvalidRequest or UserNotFound."""
    removed = remove(app, request.user_id(), if_match=_if_match(request))
    return json_response(200, Done(message=f"User deleted successfully. Removed {removed} versions."))


def _if_match(request: Request) -> str | None:
    """Return the condition under which a request is to be served."""
    return request.headers.get("if-match")
