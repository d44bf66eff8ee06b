"""How many users go over the road at once, and what becomes of them when it is bumpy."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import pytest

from lambdas.users.adapters.bulk import WRITE_LANES
from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.item import current_row
from lambdas.users.adapters.table import TRIES
from lambdas.users.domain.errors import EmailAlreadyInUse, RepositoryUnavailable, UserAlreadyExists
from lambdas.users.domain.user import User, deletion
from tests.lambdas.users.adapters.road import CONFLICT, FAILED, Road, cancelled, on

Made = Callable[..., User]


def users(made: Made, number: int) -> list[User]:
    return [made(f"user-{index}", email=f"user-{index}@example.com") for index in range(number)]


def ids(request: Mapping[str, Any]) -> list[str]:
    """Return whom a transaction creates."""
    rows = [item["Put"]["Item"] for item in request["TransactItems"]]
    return [row["user_id"]["S"] for row in rows if row["timestamp"]["S"] == "CURRENT"]


class Taking:
    """A DynamoDB that keeps nothing, and refuses transactions by what a test says of each of their users."""

    def __init__(self, verdict: Callable[[str], str]) -> None:
        self.transactions: list[Sequence[str]] = []
        self._verdict = verdict
        self._lock = Lock()

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        assert operation == "TransactWriteItems"
        with self._lock:
            self.transactions.append(ids(request))
            reasons = [code for user_id in ids(request) for code in ("None", "None", self._verdict(user_id))]
        if set(reasons) != {"None"}:
            raise cancelled(*reasons)
        return {}


def test_a_thousand_are_created_in_31_transactions(made: Made) -> None:
    road = Road({})
    assert on(road).create_all(users(made, 1000)) == {}
    sizes = [len(request["TransactItems"]) for _, request in road.requests]
    assert sorted(sizes) == [30, *[99] * 30]
    assert sorted(user_id for _, request in road.requests for user_id in ids(request)) == sorted(
        user.user_id for user in users(made, 1000)
    )


class Slow:
    """A DynamoDB that takes 5 ms for whatever it is asked, and counts the users that it is asked at once."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = Lock()

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        assert operation == "TransactWriteItems"
        number = len(ids(request))
        with self._lock:
            self._now += number
            self.most = max(self.most, self._now)
        time.sleep(0.005)
        with self._lock:
            self._now -= number
        return {}


def test_a_thousand_are_never_in_memory_at_once(made: Made) -> None:
    road = Slow()
    on(road).create_all(users(made, 1000))
    assert road.most <= WRITE_LANES * 33 < 100


def test_nobody_is_created_without_a_request(made: Made) -> None:
    road = Road({})
    assert on(road).create_all([]) == {}
    assert on(road).create_all([made()] * 2).keys() == {1}
    assert len(road.requests) == 1


def test_those_who_are_refused_are_named_by_their_positions_and_the_rest_goes_again(made: Made) -> None:
    first = ["None"] * 15
    first[0] = first[2] = first[4] = first[11] = FAILED
    road = Road(cancelled(*first), {})
    errors = on(road).create_all(users(made, 5))
    assert {index: type(error) for index, error in errors.items()} == {
        0: UserAlreadyExists,
        1: UserAlreadyExists,
        3: EmailAlreadyInUse,
    }
    assert [ids(request) for _, request in road.requests][1] == ["user-2", "user-4"]


def test_a_transaction_that_met_another_one_is_repeated_after_a_pause(made: Made) -> None:
    road, pauses = Road(cancelled("None", CONFLICT, "None"), {}), list[float]()
    assert on(road, pauses).create_all([made()]) == {}
    assert (len(road.requests), len(pauses)) == (2, 1)


def test_a_conflict_beside_a_refusal_refuses_nobody_else(made: Made) -> None:
    road = Road(cancelled(FAILED, "None", "None", CONFLICT, "None", "None"), {})
    assert on(road).create_all(users(made, 2)).keys() == {0}
    assert len(road.requests) == 2


def test_whoever_always_meets_another_transaction_is_given_up(made: Made) -> None:
    road, pauses = Road(cancelled(CONFLICT, "None", "None")), list[float]()
    errors = on(road, pauses).create_all([made()])
    assert [type(error) for error in errors.values()] == [RepositoryUnavailable]
    assert (len(road.requests), len(pauses)) == (TRIES, TRIES - 1)


def test_what_had_no_answer_may_have_been_done_and_is_not_repeated(made: Made) -> None:
    road = Road(DynamoError(NO_ANSWER))
    errors = on(road).create_all(users(made, 3))
    assert [type(error) for error in errors.values()] == [RepositoryUnavailable] * 3
    assert len(road.requests) == 1


@pytest.mark.parametrize(
    "failure", [DynamoError("ValidationException"), cancelled("None", "ValidationError", "None")], ids=repr
)
def test_a_fault_in_a_request_is_looked_for_user_by_user(made: Made, failure: DynamoError) -> None:
    road = Road(failure, {}, DynamoError("ValidationException"), {})
    errors = on(road).create_all(users(made, 3))
    assert {index: type(error) for index, error in errors.items()} == {1: DynamoError}
    assert [len(ids(request)) for _, request in road.requests] == [3, 1, 1, 1]


def test_one_fault_of_ours_is_everybodys(made: Made) -> None:
    failure = DynamoError("AccessDeniedException")
    road = Road(failure)
    assert on(road).create_all(users(made, 3)) == dict.fromkeys(range(3), failure)
    assert len(road.requests) == 1


def test_half_of_a_thousand_cost_their_transactions_one_repeat_each(made: Made) -> None:
    road = Taking(lambda user_id: FAILED if int(user_id.rpartition("-")[2]) % 2 else "None")
    errors = on(road).create_all(users(made, 1000))
    assert list(errors) == list(range(1, 1000, 2))
    assert len(road.transactions) == 62


def read_of(*found: User, left: Sequence[str] = ()) -> dict[str, Any]:
    answer: dict[str, Any] = {"Responses": {"users": [current_row(user) for user in found]}}
    keys = [{"user_id": {"S": user_id}, "timestamp": {"S": "CURRENT"}} for user_id in left]
    return {**answer, "UnprocessedKeys": {"users": {"Keys": keys, "ConsistentRead": True}} if left else {}}


def test_a_hundred_are_read_by_one_consistent_request() -> None:
    road = Road(read_of())
    assert on(road).get_all([f"user-{index}" for index in range(100)]) == {}
    ((operation, request),) = road.requests
    assert operation == "BatchGetItem"
    assert request["RequestItems"]["users"]["ConsistentRead"] is True
    assert len(request["RequestItems"]["users"]["Keys"]) == 100


def test_a_thousand_are_read_by_ten_requests_and_none_for_those_who_are_asked_for_twice() -> None:
    road = Road(read_of())
    on(road).get_all([f"user-{index}" for index in range(1000)] * 2)
    assert len(road.requests) == 10


def test_what_is_left_over_of_a_read_is_asked_for_again(made: Made) -> None:
    ada, grace = users(made, 2)
    road, pauses = Road(read_of(ada, left=[grace.user_id]), read_of(grace)), list[float]()
    assert on(road, pauses).get_all(["user-0", "user-1"]) == {"user-0": ada, "user-1": grace}
    again = road.requests[1][1]["RequestItems"]["users"]
    assert [key["user_id"]["S"] for key in again["Keys"]] == ["user-1"]
    assert again["ConsistentRead"] is True
    assert len(pauses) == 1


def test_what_is_always_left_over_is_unavailability(made: Made) -> None:
    road, pauses = Road(read_of(made("ada"), left=["grace"])), list[float]()
    with pytest.raises(RepositoryUnavailable):
        on(road, pauses).get_all(["ada", "grace"])
    assert len(road.requests) == TRIES
    assert all(0 <= pause <= 1 for pause in pauses)
    assert sum(pauses) < 5


class Versions:
    """A DynamoDB with so many versions of one user, which leaves over what it is told to at first."""

    def __init__(self, number: int, *, leaves: int) -> None:
        self.deleted: list[str] = []
        self.sizes: list[int] = []
        self._keys = [{"user_id": {"S": "ada"}, "timestamp": {"S": f"{index:04}"}} for index in range(number)]
        self._leaves = leaves

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if operation == "Query":
            return {"Items": self._keys, "ScannedCount": len(self._keys)}
        if operation == "BatchWriteItem":
            writes = request["RequestItems"]["users"]
            self.sizes.append(len(writes))
            left, self._leaves = writes[: self._leaves], 0
            self.deleted += [write["DeleteRequest"]["Key"]["timestamp"]["S"] for write in writes[len(left) :]]
            return {"UnprocessedItems": {"users": left} if left else {}}
        return {}


@pytest.mark.parametrize("leaves", [0, 7])
def test_versions_go_25_at_a_time_and_what_is_left_over_goes_again(made: Made, leaves: int) -> None:
    road, ada = Versions(60, leaves=leaves), made("ada")
    gone = deletion(ada, at=datetime(2030, 1, 1, 12, tzinfo=UTC), region="eu-west-1")
    assert on(road).delete(ada, deletion=gone) == 60
    assert sorted(road.deleted) == [f"{index:04}" for index in range(60)]
    assert sorted(road.sizes) == sorted([25, 25, 10, *([leaves] if leaves else [])])
