"""Users who were created not long ago."""

from datetime import timedelta

from lambdas.users.adapters.meter import Meter
from lambdas.users.bootstrap import Application
from lambdas.users.domain.page import Bounds, Order
from lambdas.users.domain.version import timestamp
from lambdas.users.http import parameters, responses
from lambdas.users.http.cursor import Listing
from lambdas.users.http.query_answers import RecentQueried
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response
from lambdas.users.http.views import user_view


def recent(app: Application, request: Request, meter: Meter) -> Response:
    """List users who were created in the last hours, up to a thousand at a time; raises InvalidRequest.

    The cutoff moves on from page to page, as time does.
    """
    asked = parameters.read(request.query, parameters.Recent)
    listing = Listing(operation="query_recent_users", parameters=(asked.hours,))
    cutoff = timestamp(app.now() - timedelta(hours=asked.hours))
    page = app.users.in_order(
        Order.CREATED,
        bounds=Bounds(least=cutoff),
        limit=asked.limit,
        after=listing.position(asked.cursor),
        descending=True,
    )
    answer = RecentQueried(
        users=tuple(user_view(user) for user in page.items),
        count=len(page.items),
        timeframe=f"Last {asked.hours} hours",
        cutoff_time=cutoff,
        next_cursor=listing.cursor(page.after),
        scanned_count=page.scanned,
        consumed_capacity=meter.capacity,
    )
    return responses.page(answer, query=request.query, cursor=answer.next_cursor)
