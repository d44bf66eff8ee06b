"""The tutorial's surface: the same users, in keys of its own."""

from contextlib import suppress

from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import UserNotFound
from lambdas.users.domain.user import User, first_version
from lambdas.users.handlers.latest import remove
from lambdas.users.http.answers import TutorialUser
from lambdas.users.http.bodies import tutorial_user
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response


def add(app: Application, request: Request) -> Response:
    """Make a user of the body; raises InvalidRequest, InvalidUser, UserAlreadyExists or EmailAlreadyInUse."""
    new = tutorial_user(request.json())
    user_id = new.user_id or app.new_id()
    app.users.create(first_version(new, user_id=user_id, at=app.now(), region=app.region))
    return json_response(200, "User added.")


def show(app: Application, request: Request) -> Response:
    """Show the user that the path names, or an empty object."""
    try:
        user = app.users.get(request.user_id())
    except UserNotFound:
        return json_response(200, TutorialUser())
    return json_response(200, _view(user))


def delete(app: Application, request: Request) -> Response:
    """Remove the user that the path names, if there is one."""
    with suppress(UserNotFound):
        remove(app, request.user_id())
    return json_response(200, "User deleted.")


def _view(user: User) -> TutorialUser:
    """Return what clients of the tutorial see of a user."""
    profile = user.profile
    return TutorialUser(user_id=user.user_id, name=profile.name, email=profile.email, age=profile.age)
