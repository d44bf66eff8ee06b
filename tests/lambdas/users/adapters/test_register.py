"""How the state of a region is asked for, and what is made of no answer."""

from typing import Any

import pytest

from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from lambdas.users.adapters.meter import metering
from lambdas.users.adapters.register import MemoryRegister, TableRegister
from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.domain.region_state import RegionState
from tests.lambdas.users.adapters.road import Road
from tests.lambdas.users.stream import region_row

HERE = "eu-west-1"


def on(road: Road) -> TableRegister:
    return TableRegister(table="users", region=HERE, call=road)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({}, RegionState.ACTIVE),
        ({"Item": region_row(HERE, "active")}, RegionState.ACTIVE),
        ({"Item": region_row(HERE, "fenced")}, RegionState.FENCED),
        ({"Item": region_row(HERE, "closed")}, RegionState.FENCED),
    ],
    ids=["no row", "active", "fenced", "another word"],
)
def test_a_region_is_what_its_row_says_and_active_without_one(
    answer: dict[str, Any], state: RegionState
) -> None:
    assert on(Road(answer)).state() is state


def test_the_state_is_one_consistent_read_that_is_metered() -> None:
    road = Road({"ConsumedCapacity": {"TableName": "users", "CapacityUnits": 1.0}})
    with metering() as meter:
        on(road).state()
    key = {"user_id": {"S": "REGION#eu-west-1"}, "timestamp": {"S": "STATE"}}
    request = {
        "TableName": "users",
        "Key": key,
        "ConsistentRead": True,
        "ReturnConsumedCapacity": "TOTAL",
    }
    assert road.requests == [("GetItem", request)]
    assert (meter.requests, meter.capacity) == (1, 1.0)


@pytest.mark.parametrize("code", [NO_ANSWER, "ThrottlingException", "InternalServerError"])
def test_a_state_that_cannot_be_read_now_is_unavailability(code: str) -> None:
    with pytest.raises(RepositoryUnavailable):
        on(Road(DynamoError(code))).state()


def test_a_state_that_may_not_be_read_is_a_fault_of_ours() -> None:
    with pytest.raises(DynamoError):
        on(Road(DynamoError("AccessDeniedException"))).state()


def test_memory_has_the_state_that_it_was_told() -> None:
    register = MemoryRegister()
    seen = [register.state()]
    for state in (RegionState.FENCED, RegionState.ACTIVE):
        register.change(state)
        seen.append(register.state())
    assert seen == [RegionState.ACTIVE, RegionState.FENCED, RegionState.ACTIVE]
