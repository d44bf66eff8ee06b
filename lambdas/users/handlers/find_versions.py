"""The versions of a user, newest first."""

from lambdas.users.adapters.meter import Meter
from lambdas.users.bootstrap import Application
from lambdas.users.domain.errors import UserNotFound
from lambdas.users.http import parameters, responses
from lambdas.users.http.bodies import could_be_id
from lambdas.users.http.cursor import Listing
from lambdas.users.http.query_answers import HistoryQueried
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response
from lambdas.users.http.views import version_view


def history(app: Application, request: Request, meter: Meter) -> Response:
    """List the versions of a user, a page at a time; raises InvalidRequest or UserNotFound."""
    asked = parameters.read(request.query, parameters.History)
    if not could_be_id(asked.user_id):
        raise UserNotFound
    listing = Listing(operation="query_user_history", parameters=(asked.user_id,))
    position = listing.position(asked.cursor)
    before = None if position is None else str(position.value)
    page = app.users.history(asked.user_id, limit=asked.limit, before=before)
    answer = HistoryQueried(
        user_id=asked.user_id,
        versions=tuple(version_view(user) for user in page.items),
        version_count=len(page.items),
        query_type="User History Query",
        next_cursor=listing.cursor(page.after),
        scanned_count=page.scanned,
        consumed_capacity=meter.capacity,
    )
    return responses.page(answer, query=request.query, cursor=answer.next_cursor)
