"""How many requests a page costs, and that it is exact in whatever order DynamoDB returns ties."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.users.adapters.item import SHARDS, current_row
from lambdas.users.adapters.listing import INDEXES
from lambdas.users.domain.page import Bounds, Order, Page, Position
from lambdas.users.domain.user import NewUser, User, first_version
from tests.lambdas.users.adapters.road import on

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
OPEN = Bounds()


def someone(number: int, *, age: int = 0, shard: int | None = None) -> User:
    """One of many users, each with a name, a time and a random id of its own; in one shard, if it must be."""
    user_id = str(UUID(int=random.Random(number).getrandbits(128)))  # noqa: S311  # the same in every run
    while shard is not None and current_row_of(user_id)["shard"]["N"] != str(shard):
        user_id += "x"
    new = NewUser(name=f"user {number:05}", email=f"{user_id}@example.com", age=age)
    return first_version(new, user_id=user_id, at=NOON + timedelta(seconds=number), region="eu-west-1")


def current_row_of(user_id: str) -> Mapping[str, Any]:
    new = NewUser(name="a", email="a@example.com")
    return current_row(first_version(new, user_id=user_id, at=NOON, region="eu-west-1"))


class Index:
    """The indexes of a table with these users, where each query has an order of its own among ties.

    A key to go on from names the query, so that the pages of one query agree, as DynamoDB's do.
    """

    def __init__(self, users: Sequence[User], *, seed: int = 0) -> None:
        self.rows = [current_row(user) for user in users]
        self.requests: list[Mapping[str, Any]] = []
        self._random = random.Random(seed)  # noqa: S311  # nobody's secret
        self._lock = Lock()

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        assert operation == "Query"
        start = request.get("ExclusiveStartKey")
        with self._lock:
            self.requests.append(request)
            query = str(self._random.random()) if start is None else start["query"]["S"]
        rows = self._sorted(request, query)
        begin = 0 if start is None else int(start["read"]["N"])
        end = begin + request["Limit"]
        answer = {"Items": rows[begin:end], "ScannedCount": len(rows[begin:end])}
        more = {"LastEvaluatedKey": {"query": {"S": query}, "read": {"N": str(end)}}}
        # A key is also there where the last row happens to be the last of all.
        return answer | more if end <= len(rows) else answer

    def _sorted(self, request: Mapping[str, Any], query: str) -> list[dict[str, Any]]:
        ((_, attribute),) = [index for index in INDEXES.values() if index[0] == request["IndexName"]]
        values = request["ExpressionAttributeValues"]
        sides = {side: values.get(f":{side}") for side in ("least", "most")}
        bounds = Bounds(
            **{side: attribute.value({attribute.name: value}) for side, value in sides.items() if value}
        )
        assert bounds.least is None or bounds.most is None or bounds.hold(bounds.most), (
            "a ValidationException"
        )
        found = [
            row for row in self.rows if row["shard"] == values[":shard"] and bounds.hold(attribute.value(row))
        ]
        random.Random(query).shuffle(found)  # noqa: S311  # nobody's secret
        return sorted(found, key=attribute.value, reverse=not request["ScanIndexForward"])


def page_of(index: Index, order: Order = Order.CREATED, **how: Any) -> Page[User]:  # noqa: ANN401  # arguments
    return on(index).in_order(order, **{"bounds": OPEN, "limit": 50, **how})


def listed(index: Index, order: Order, *, descending: bool, limit: int) -> tuple[list[User], list[int]]:
    """Return everybody, page after page, and the requests that each page took."""
    users: list[User] = []
    costs: list[int] = []
    after: Position | None = None
    for _ in range(len(index.rows) + 1):
        before = len(index.requests)
        page = page_of(index, order, descending=descending, limit=limit, after=after)
        costs.append(len(index.requests) - before)
        users.extend(page.items)
        after = page.after
        if after is None:
            break
    return users, costs


def ids(users: Sequence[User]) -> list[str]:
    return [user.user_id for user in users]


@pytest.mark.parametrize("order", [Order.CREATED, Order.NAME])
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("limit", [1, 2, 10, 50, 100])
def test_where_few_tie_every_page_costs_one_request_for_each_shard(
    order: Order, descending: bool, limit: int
) -> None:
    people = [someone(number) for number in range(1000 if limit > 2 else 100)]
    found, costs = listed(Index(people), order, descending=descending, limit=limit)
    assert ids(found) == ids(people[::-1] if descending else people)
    assert set(costs) == {SHARDS}


def test_a_page_reads_little_more_than_it_shows() -> None:
    index = Index([someone(number) for number in range(1000)])
    page = page_of(index, limit=50)
    assert page.scanned == sum(request["Limit"] for request in index.requests) == 168


def test_a_shard_that_has_the_whole_page_is_read_once_more() -> None:
    people = [someone(number, shard=3) for number in range(200)]
    index = Index(people)
    page = page_of(index, limit=50)
    assert ids(page.items) == ids(people[:50])
    assert len(index.requests) == SHARDS + 1


@pytest.mark.parametrize("number", [49, 50, 51])
def test_the_last_page_is_known_as_such_though_dynamodb_says_that_there_may_be_more(number: int) -> None:
    page = page_of(Index([someone(number, shard=0) for number in range(number)]), limit=50)
    assert (page.after is None) == (number <= 50)


def test_where_all_tie_all_are_read_in_ever_larger_readings() -> None:
    people = [someone(number, age=30) for number in range(2000)]
    index = Index(people)
    page = page_of(index, Order.AGE, limit=50)
    assert ids(page.items) == sorted(ids(people))[:50]
    assert page.scanned == 2000
    assert len(index.requests) <= 4 * SHARDS


def test_a_shard_that_answers_with_nothing_but_a_place_to_go_on_is_read_on() -> None:
    index = Index([someone(number) for number in range(10)])
    begun: set[str] = set()

    def slowly(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        shard = request["ExpressionAttributeValues"][":shard"]["N"]
        if shard in begun:
            return index(operation, request)
        begun.add(shard)
        start = {"query": {"S": "slow"}, "read": {"N": "0"}}
        return {"Items": [], "ScannedCount": 0, "LastEvaluatedKey": start}

    page = on(slowly).in_order(Order.CREATED, bounds=OPEN, limit=5)
    assert [user.profile.name for user in page.items] == [f"user {number:05}" for number in range(5)]


@given(
    ages=st.lists(st.integers(0, 3) | st.integers(0, 150), max_size=120),
    seeds=st.tuples(st.integers(), st.integers()),
    limit=st.integers(1, 100),
    descending=st.booleans(),
)
def test_ties_in_whatever_order_make_the_same_pages_in_every_region(
    ages: list[int], seeds: tuple[int, int], limit: int, descending: bool
) -> None:
    people = [someone(number, age=age) for number, age in enumerate(ages)]
    expected = sorted(people, key=lambda user: (user.profile.age, user.user_id), reverse=descending)
    regions = [Index(people, seed=seed) for seed in seeds]
    found: list[User] = []
    after: Position | None = None
    for turn in range(len(people) + 1):
        page = page_of(regions[turn % 2], Order.AGE, limit=limit, after=after, descending=descending)
        found.extend(page.items)
        after = page.after
        if after is None:
            break
    assert ids(found) == ids(expected)


@pytest.mark.parametrize(
    "how",
    [
        {"bounds": Bounds(least=31, most=30)},
        {"bounds": Bounds(least=30, most=40), "after": Position(41, "a")},
        {"bounds": Bounds(least=30, most=40), "after": Position(29, "a"), "descending": True},
    ],
    ids=str,
)
def test_what_nobody_can_be_within_is_not_asked(how: dict[str, Any]) -> None:
    index = Index([someone(1, age=30)])
    assert page_of(index, Order.AGE, **how).items == ()
    assert index.requests == []


def test_no_name_is_within_an_empty_text(made: Callable[..., User]) -> None:
    index = Index([made()])
    assert page_of(index, Order.NAME, bounds=Bounds(most="")).items == ()
    assert index.requests == []
