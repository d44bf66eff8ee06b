"""Users by what their name starts with."""

from lambdas.users.adapters.meter import Meter
from lambdas.users.bootstrap import Application
from lambdas.users.domain.page import Bounds, Order
from lambdas.users.domain.text import SEARCH_KEY_CHARACTERS, search_key
from lambdas.users.handlers.find_one import holders
from lambdas.users.http import parameters, responses
from lambdas.users.http.cursor import Listing
from lambdas.users.http.query_answers import UsersQueried
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response
from lambdas.users.http.views import user_view

LAST_CHARACTER = "\U0010ffff"


def search(app: Application, request: Request, meter: Meter) -> Response:
    """Find users by prefix of the name, a page at a time; raises InvalidRequest.

    Whoever has the text as their email comes first, and on no later page; beside them, even a page of one has
    room for somebody whose name it is.
    """
    asked = parameters.read(request.query, parameters.Search)
    prefix = search_key(asked.q)
    listing = Listing(operation="search", parameters=(prefix,))
    position = listing.position(asked.cursor)
    holding = holders(app, asked.q)
    first = holding.items if position is None else ()
    page = app.users.in_order(
        Order.NAME, bounds=_starting_with(prefix), limit=max(1, asked.limit - len(first)), after=position
    )
    users = (*first, *(user for user in page.items if user not in holding.items))
    answer = UsersQueried(
        users=tuple(user_view(user) for user in users),
        count=len(users),
        query_type="Prefix Search",
        next_cursor=listing.cursor(page.after),
        scanned_count=holding.scanned + page.scanned,
        consumed_capacity=meter.capacity,
    )
    return responses.page(answer, query=request.query, cursor=answer.next_cursor)


def _starting_with(prefix: str) -> Bounds:
    """Return the least and the greatest key that start with a text."""
    return Bounds(least=prefix, most=prefix.ljust(SEARCH_KEY_CHARACTERS, LAST_CHARACTER))
