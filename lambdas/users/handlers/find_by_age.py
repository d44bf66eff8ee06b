"""Users within a range of ages, by an index and without."""

from lambdas.users.adapters.meter import Meter
from lambdas.users.bootstrap import Application
from lambdas.users.domain.page import Bounds, Order
from lambdas.users.domain.user import Age
from lambdas.users.http import parameters, responses
from lambdas.users.http.cursor import Listing
from lambdas.users.http.errors import InvalidRequest
from lambdas.users.http.query_answers import AgesQueried
from lambdas.users.http.requests import Request
from lambdas.users.http.responses import Response, json_response
from lambdas.users.http.views import user_view

# A function may answer 6 MB, in which a body is once more encoded as JSON: its quotes then take two bytes.
MAX_ANSWER_BYTES = 4 * 1024 * 1024


def scan(app: Application, request: Request, meter: Meter) -> Response:
    """Find users by reading all of them; raises InvalidRequest, also where they are too many to show."""
    asked = parameters.read(request.query, parameters.AgeRange)
    page = app.users.scan_by_age(_bounds(asked))
    answer = AgesQueried(
        users=tuple(user_view(user) for user in page.items),
        count=len(page.items),
        age_range=f"{asked.min_age}-{asked.max_age}",
        query_type="Scan with Filter Expression",
        scanned_count=page.scanned,
        consumed_capacity=meter.capacity,
    )
    response = json_response(200, answer)
    if len(response.body.encode()) > MAX_ANSWER_BYTES:
        raise InvalidRequest("More users match than one answer holds: use query_by_age, which has pages")
    return response


def query(app: Application, request: Request, meter: Meter) -> Response:
    """Find users by age, a page at a time; raises InvalidRequest."""
    asked = parameters.read(request.query, parameters.PagedAgeRange)
    listing = Listing(operation="query_by_age", parameters=(asked.min_age, asked.max_age), value=Age)
    page = app.users.in_order(
        Order.AGE, bounds=_bounds(asked), limit=asked.limit, after=listing.position(asked.cursor)
    )
    answer = AgesQueried(
        users=tuple(user_view(user) for user in page.items),
        count=len(page.items),
        age_range=f"{asked.min_age}-{asked.max_age}",
        query_type="Global Secondary Index Query",
        next_cursor=listing.cursor(page.after),
        scanned_count=page.scanned,
        consumed_capacity=meter.capacity,
    )
    return responses.page(answer, query=request.query, cursor=answer.next_cursor)


def _bounds(asked: parameters.AgeRange) -> Bounds:
    """Return the ages to keep to; raises InvalidRequest for a range that is the wrong way round."""
    if asked.min_age > asked.max_age:
        raise InvalidRequest("Invalid parameter: 'min_age' must not be more than 'max_age'")
    return Bounds(least=asked.min_age, most=asked.max_age)
