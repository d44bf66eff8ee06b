"""Users in an order, from indexes that are spread over shards."""

from collections.abc import Mapping
from itertools import chain
from math import ceil, sqrt
from operator import itemgetter
from typing import Any

from msgspec import Struct, field

from lambdas.users.adapters.attribute import Attribute, is_empty
from lambdas.users.adapters.item import SHARDS, Row, user_of
from lambdas.users.adapters.lanes import side_by_side
from lambdas.users.adapters.table import Table
from lambdas.users.domain.page import Bounds, Order, Page, Position
from lambdas.users.domain.user import User

LARGEST_READING = 1000
INDEXES: Mapping[Order, tuple[str, Attribute]] = {
    Order.AGE: ("age-index", Attribute("age", "N")),
    Order.CREATED: ("created-index", Attribute("created_at", "S")),
    Order.NAME: ("name-index", Attribute("name_key", "S")),
}

Found = tuple[Any, str, Row]  # a value, an id, and the row that has them
_place = itemgetter(0, 1)


class Listing(Struct, frozen=True, kw_only=True):
    """Up to `limit` users in an order, from just after a position."""

    order: Order
    bounds: Bounds
    limit: int
    after: Position | None
    descending: bool

    def ahead(self) -> Bounds:
        """Return the bounds of what is left, which begins among the ties of the position."""
        least, most = self.bounds.least, self.bounds.most
        if self.after is None:
            return self.bounds
        value: Any = self.after.value
        if self.descending:
            return Bounds(least=least, most=value if most is None else min(most, value))
        return Bounds(least=value if least is None else max(least, value), most=most)

    def is_later(self, one: Any, other: Any) -> bool:  # noqa: ANN401  # values, or places
        """Tell whether one value, or one pair of value and id, comes later than another."""
        return bool(one < other if self.descending else one > other)

    def is_ahead(self, found: Found) -> bool:
        """Tell whether a user comes after the position."""
        return self.after is None or self.is_later(_place(found), (self.after.value, self.after.user_id))

    def first(self, found: list[Found]) -> list[Found]:
        """Return the users of the page in order, and the next one, which tells that there are more."""
        return sorted(found, key=_place, reverse=self.descending)[: self.limit + 1]


class Shard(Struct):
    """What was read of a shard: `frontier` is the value of the last row, and `start` where to go on."""

    number: int
    found: list[Found] = field(default_factory=list)
    frontier: Any = None
    start: Any = None
    exhausted: bool = False
    scanned: int = 0

    def request(self, listing: Listing, size: int) -> dict[str, Any]:
        """Return the query for the next rows from the position on, up to so many."""
        index, attribute = INDEXES[listing.order]
        condition, names, values = attribute.within(listing.ahead())
        request = {
            "IndexName": index,
            "KeyConditionExpression": f"#shard = :shard AND {condition}" if condition else "#shard = :shard",
            "ExpressionAttributeNames": {"#shard": "shard", **names},
            "ExpressionAttributeValues": {":shard": {"N": str(self.number)}, **values},
            "ScanIndexForward": not listing.descending,
            "Limit": size,
        }
        return request if self.start is None else {**request, "ExclusiveStartKey": self.start}

    def take(self, listing: Listing, response: Mapping[str, Any]) -> None:
        """Keep what a page may need of a response."""
        _, attribute = INDEXES[listing.order]
        rows = [(attribute.value(row), row["user_id"]["S"], row) for row in response["Items"]]
        self.found = listing.first([*self.found, *filter(listing.is_ahead, rows)])
        self.frontier = rows[-1][0] if rows else self.frontier
        self.start = response.get("LastEvaluatedKey")
        self.exhausted = self.start is None
        self.scanned += response["ScannedCount"]

    def is_behind(self, listing: Listing, first: list[Found]) -> bool:
        """Tell whether a row that belongs on the page may still be unread.

        DynamoDB promises no order among rows with the same value, so all of them are read before one counts:
        until a row with a later value than the last of the page was seen, or the end.
        """
        if self.exhausted:
            return False
        if self.frontier is None or len(first) <= listing.limit:
            return True
        return not listing.is_later(self.frontier, first[-2][0])


def in_order(table: Table, listing: Listing) -> Page[User]:
    """Return a page of users, whichever way DynamoDB orders ties.

    The page is the same in every region that has the same users: users are ordered by value and id here.
    It costs one request for each shard, all at once, where few users tie; once in some ten thousand pages a
    shard has so much more than its share that it takes a second one. Where users tie by the hundred, as at
    an age, each page reads all of those who tie with its first and its last user.
    """
    if is_empty(listing.ahead()):
        return Page(items=())
    shards = [Shard(number) for number in range(SHARDS)]
    behind, size, first = shards, _fair_share(listing.limit), list[Found]()

    def read(shard: Shard) -> None:
        request = {"TableName": table.name, **shard.request(listing, size)}
        shard.take(listing, table.ask("Query", request))

    while behind:
        side_by_side(read, behind)
        first = listing.first(list(chain.from_iterable(shard.found for shard in shards)))
        behind = [shard for shard in shards if shard.is_behind(listing, first)]
        size = min(4 * size, LARGEST_READING)
    page = first[: listing.limit]
    return Page(
        items=[user_of(row) for _, _, row in page],
        after=Position(*_place(page[-1])) if len(first) > listing.limit else None,
        scanned=sum(shard.scanned for shard in shards),
    )


def _fair_share(limit: int) -> int:
    """Return how many rows of each shard nearly always suffice for a page, and never more than may be needed.

    Ids are spread over shards at random, so that a shard's part of a page is distributed as Poisson's law
    says: five standard deviations above the mean. To these come the position's own row, and the one beyond
    the page. To ask every shard for a whole page would read, and parse, up to three times as much.
    """
    mean = limit / SHARDS
    return min(ceil(mean + 5 * sqrt(mean)), limit) + 2
