"""What every register says of its region, and that the row of one is nobody's user."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from lambdas.users.adapters.meter import metering
from lambdas.users.adapters.register import MemoryRegister, TableRegister
from lambdas.users.domain.errors import UserNotFound
from lambdas.users.domain.page import Bounds, Order
from lambdas.users.domain.region_state import RegionRegister, RegionState
from lambdas.users.domain.user import User
from tests.contract.conftest import REGION, DynamoEngine, emulator_engine, moto_engine

UserFactory = Callable[..., User]


@dataclass(frozen=True)
class Operated:
    """A register, and the operator who says what the state of its region is."""

    register: RegionRegister
    declare: Callable[[str], None]


def state(engine: DynamoEngine) -> RegionState:
    return _table(engine).register.state()


def declare(engine: DynamoEngine, said: str, *, region: str = REGION) -> None:
    """Write the state of a region, as an operator does."""
    row = {
        "user_id": {"S": f"REGION#{region}"},
        "timestamp": {"S": "STATE"},
        "state": {"S": said},
        "changed_at": {"S": "2030-01-01T12:00:00.000000Z"},
        "reason": {"S": "planned switchover"},
    }
    engine.replicate(row)


@contextmanager
def memory(_request: pytest.FixtureRequest) -> Iterator[Operated]:
    register = MemoryRegister()
    yield Operated(register, lambda said: register.change(RegionState(said)))


@contextmanager
def moto(request: pytest.FixtureRequest) -> Iterator[Operated]:
    with moto_engine(request) as engine:
        yield _table(engine)


@contextmanager
def emulator(request: pytest.FixtureRequest) -> Iterator[Operated]:
    with emulator_engine(request) as engine:
        yield _table(engine)


def _table(engine: DynamoEngine) -> Operated:
    register = TableRegister(table=engine.table, region=REGION, call=engine.call)
    return Operated(register, lambda said: declare(engine, said))


@pytest.fixture(params=[memory, moto, emulator], ids=lambda engine: engine.__name__)
def operated(request: pytest.FixtureRequest) -> Iterator[Operated]:
    """A register of each engine in turn, to which nobody has written yet."""
    with request.param(request) as operated:
        yield operated


def test_a_region_of_which_nobody_said_anything_is_active(operated: Operated) -> None:
    assert operated.register.state() is RegionState.ACTIVE


def test_a_region_is_what_the_operator_said_last(operated: Operated) -> None:
    for said in ("fenced", "active", "fenced"):
        operated.declare(said)
        assert operated.register.state() is RegionState(said)


@pytest.mark.parametrize("said", ["drained", "ACTIVE", " active"])
def test_a_region_of_which_something_else_was_said_is_fenced(engine: DynamoEngine, said: str) -> None:
    declare(engine, said)
    assert state(engine) is RegionState.FENCED


def test_a_fence_around_another_region_is_none_around_this_one(engine: DynamoEngine) -> None:
    declare(engine, "fenced", region="eu-central-1")
    assert state(engine) is RegionState.ACTIVE


def test_to_know_the_state_is_one_request_that_consumes_something(engine: DynamoEngine) -> None:
    declare(engine, "active")
    with metering() as meter:
        state(engine)
    assert meter.requests == 1
    assert meter.capacity > 0


def test_a_fence_leaves_a_healthy_region(engine: DynamoEngine) -> None:
    declare(engine, "fenced")
    engine.users.ping()


def test_no_reader_of_users_comes_across_the_state_of_a_region(
    engine: DynamoEngine, made: UserFactory
) -> None:
    ada, users, key = made("ada"), engine.users, f"REGION#{REGION}"
    users.create(ada)
    declare(engine, "fenced")
    for order in Order:
        assert list(users.in_order(order, bounds=Bounds(), limit=100).items) == [ada]
    assert list(users.scan_by_age(Bounds()).items) == [ada]
    assert users.get_all([key, "ada"]) == {"ada": ada}
    with pytest.raises(UserNotFound):
        users.get(key)
    with pytest.raises(UserNotFound):
        users.history(key, limit=100)


def test_no_index_has_the_state_of_a_region(engine: DynamoEngine) -> None:
    declare(engine, "fenced")
    for index in ("email-index", "age-index", "created-index", "name-index"):
        found = engine.call("Scan", {"TableName": engine.table, "IndexName": index})
        assert found["Items"] == []
    assert len(engine.rows()) == 1
