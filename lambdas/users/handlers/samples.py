"""Eight users to try queries on."""

from collections.abc import Mapping

from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import UserAlreadyExists
from lambdas.users.domain.user import first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.handlers.creation import create_all
from lambdas.users.http.answers import UsersCreated
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response
from lambdas.users.http.views import user_view

PEOPLE = (
    ("ada", "Ada Lovelace", 36),
    ("alan", "Alan Turing", 41),
    ("edith", "Édith Clarke", 52),
    ("grace", "Grace Hopper", 30),
    ("jose", "José Álvarez", 25),
    ("katherine", "Katherine Johnson", 28),
    ("margaret", "Margaret Hamilton", 60),
    ("zoe", "Zoë Ångström", 33),
)


def populate(app: Application, _request: Request, _document: Mapping[str, object]) -> Response:
    """Create those of the sample users who are not there; raises EmailAlreadyInUse."""
    users = {
        index: first_version(
            new_user({"name": name, "email": f"{word}@sample.example", "age": age}),
            user_id=f"sample-{word}",
            at=app.now(),
            region=app.region,
        )
        for index, (word, name, age) in enumerate(PEOPLE)
    }
    errors = create_all(app, users)
    for error in errors.values():
        if not isinstance(error, UserAlreadyExists):
            raise error
    there = app.users.get_all([users[index].user_id for index in errors]) if errors else {}
    views = tuple(user_view(there.get(user.user_id, user)) for user in users.values())
    message = f"Successfully populated table with {len(views)} sample users"
    return json_response(201, UsersCreated(message=message, users=views))
