"""All users: how one is added, and how they are listed."""

from datetime import datetime

from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import RequestRepeated
from lambdas.users.domain.page import Bounds, Order
from lambdas.users.domain.user import first_version
from lambdas.users.domain.validation import new_user
from lambdas.users.http import idempotency, parameters, responses
from lambdas.users.http.answers import UsersListed
from lambdas.users.http.cursor import Listing
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response
from lambdas.users.http.views import user_view

LISTING = Listing(operation="users")


def create(app: Application, request: Request) -> Response:
    """Make a user of the body, once for each idempotency key.

    Raises InvalidRequest, InvalidUser, UserAlreadyExists or EmailAlreadyInUse.
    """
    document = request.json()
    new = new_user(document)
    key = idempotency.key_of(request)
    user_id = new.user_id or (key.user_id() if key else app.new_id())
    at, region = app.now(), app.region
    receipt = key.receipt(request, document, at=at, region=region) if key else None
    user = first_version(new, user_id=user_id, at=at, region=region)
    try:
        app.users.create(user, receipt=receipt)
    except RequestRepeated as repeated:
        first = idempotency.same(repeated.first, receipt)
        user = first_version(new, user_id=user_id, at=datetime.fromisoformat(first.at), region=first.region)
        return idempotency.replayed(responses.created(user))
    return responses.created(user)


def show(app: Application, request: Request) -> Response:
    """List users in the order in which they were created, a page at a time; raises InvalidRequest."""
    asked = parameters.read(request.query, parameters.Paged)
    page = app.users.in_order(
        Order.CREATED, bounds=Bounds(), limit=asked.limit, after=LISTING.position(asked.cursor)
    )
    cursor = LISTING.cursor(page.after)
    users = tuple(user_view(user) for user in page.items)
    document = UsersListed(users=users, count=len(users), next_cursor=cursor)
    return responses.page(document, query=request.query, cursor=cursor)
