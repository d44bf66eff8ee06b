from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.lanes import side_by_side
from lambdas.users.adapters.meter import metered, metering
from lambdas.users.domain.page import Bounds
from lambdas.users.domain.user import User
from tests.lambdas.users.adapters.road import Road, on


def consuming(*units: float) -> dict[str, Any]:
    return {"ConsumedCapacity": [{"TableName": "users", "CapacityUnits": unit} for unit in units]}


def test_every_request_asks_what_it_consumes() -> None:
    road = Road({})
    metered(road)("GetItem", {"TableName": "users"})
    assert road.requests == [("GetItem", {"TableName": "users", "ReturnConsumedCapacity": "TOTAL"})]


@pytest.mark.parametrize(
    ("answer", "units"),
    [
        ({"ConsumedCapacity": {"TableName": "users", "CapacityUnits": 0.5}}, 0.5),
        (consuming(2, 0.5), 2.5),
        (consuming(), 0),
        ({}, 0),
    ],
    ids=["one table", "several", "an empty list", "none said"],
)
def test_the_units_of_all_tables_are_counted(answer: dict[str, Any], units: float) -> None:
    with metering() as meter:
        metered(Road(answer))("Query", {})
    assert (meter.requests, meter.capacity) == (1, units)


def test_a_request_that_fails_is_one_too() -> None:
    with metering() as meter, pytest.raises(DynamoError):
        metered(Road(DynamoError(NO_ANSWER)))("Query", {})
    assert (meter.requests, meter.capacity) == (1, 0)


def test_what_is_requested_in_other_lanes_is_counted() -> None:
    call = metered(Road(consuming(0.5)))
    with metering() as meter:
        side_by_side(lambda _item: call("Query", {}), range(100))
    assert (meter.requests, meter.capacity) == (100, 50)


def test_a_meter_within_a_meter_counts_for_both() -> None:
    call = metered(Road(consuming(1)))
    with metering() as outer:
        call("Query", {})
        with metering() as inner:
            call("Query", {})
        call("Query", {})
    call("Query", {})
    assert (inner.requests, outer.requests, outer.capacity) == (1, 3, 3)


def test_two_callers_have_meters_of_their_own() -> None:
    call = metered(Road(consuming(1)))

    def caller(requests: int) -> tuple[int, float]:
        with metering() as meter:
            side_by_side(lambda _item: call("Query", {}), range(requests))
        return meter.requests, meter.capacity

    assert side_by_side(caller, range(20)) == [(number, number) for number in range(20)]


@pytest.mark.parametrize(
    ("ask", "requests"),
    [
        (lambda users: users.ping(), 1),
        (lambda users: users.receipt("key"), 1),
        (lambda users: users.with_email("ada@example.com"), 1),
        (lambda users: users.scan_by_age(Bounds()), 4),
        (lambda users: users.get_all([str(number) for number in range(101)]), 2),
    ],
    ids=["ping", "receipt", "with_email", "scan_by_age", "get_all"],
)
def test_every_way_to_the_table_is_metered(ask: Callable[[Any], object], requests: int) -> None:
    road = Road({"Items": [], "ScannedCount": 0, "Responses": {}, **consuming(1)})
    with metering() as meter:
        ask(on(road))
    assert (meter.requests, meter.capacity) == (requests, requests)
    assert len(road.requests) == requests
    assert {request["ReturnConsumedCapacity"] for _, request in road.requests} == {"TOTAL"}


def test_a_creation_is_metered(made: Callable[..., User]) -> None:
    def road(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001  # a DynamoCall
        return consuming(6)

    with metering() as meter:
        on(road).create(made())
    assert (meter.requests, meter.capacity) == (1, 6)
