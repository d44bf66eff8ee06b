"""Users who are found by what no two of them share."""

import msgspec

from lambdas.users.adapters.meter import Meter
from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import UserNotFound
from lambdas.users.domain.page import Page
from lambdas.users.domain.text import normalised_email
from lambdas.users.domain.user import Email, User
from lambdas.users.http import parameters
from lambdas.users.http.bodies import could_be_id
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.query_answers import UserQueried, UsersQueried
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response
from lambdas.users.http.views import user_view


def by_user_id(app: Application, request: Request, meter: Meter) -> Response:
    """Find a user by its id; raises InvalidRequest or UserNotFound."""
    user_id = parameters.read(request.query, parameters.ByUser).user_id
    if not could_be_id(user_id):
        raise UserNotFound
    user = user_view(app.users.get(user_id))
    answer = UserQueried(
        user=user, query_type="Primary Key Query", scanned_count=1, consumed_capacity=meter.capacity
    )
    return json_response(200, answer)


def by_email(app: Application, request: Request, meter: Meter) -> Response:
    """Find the user with an email; raises InvalidRequest, with status 404 where there is none."""
    page = holders(app, parameters.read(request.query, parameters.ByEmail).email)
    if not page.items:
        raise InvalidRequest("No users found with that email", status=404)
    answer = UsersQueried(
        users=tuple(user_view(user) for user in page.items),
        count=len(page.items),
        query_type="Global Secondary Index Query",
        scanned_count=page.scanned,
        consumed_capacity=meter.capacity,
    )
    return json_response(200, answer)


def holders(app: Application, text: str) -> Page[User]:
    """Return the users whose email a text is; none if it is no email."""
    try:
        return app.users.with_email(msgspec.convert(normalised_email(text), Email))
    except msgspec.ValidationError:
        return Page(items=())
