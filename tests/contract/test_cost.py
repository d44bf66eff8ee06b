"""How many requests each method makes of an engine that speaks DynamoDB, and that its bill is read."""

from collections.abc import Callable

import pytest

from lambdas.users.adapters.item import SHARDS
from lambdas.users.adapters.meter import metering
from lambdas.users.domain.page import Bounds, Order
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, deletion
from lambdas.users.domain.version import timestamp
from tests.contract.conftest import NOON, REGION, DynamoEngine

UserFactory = Callable[..., User]
Ask = Callable[[UserRepository], object]

RECEIPT = Receipt(key="k", digest="d", at=timestamp(NOON), region=REGION)


@pytest.fixture
def engine_of_200(engine: DynamoEngine, made: UserFactory) -> DynamoEngine:
    engine.users.create_all([made(f"user-{index}", name=f"User {index:03}") for index in range(200)])
    return engine


@pytest.mark.parametrize(
    ("ask", "requests"),
    [
        (lambda users: users.get("user-0"), 1),
        (lambda users: users.with_email("user-0@example.com"), 1),
        (lambda users: users.in_order(Order.NAME, bounds=Bounds(), limit=50), SHARDS),
        (lambda users: users.in_order(Order.NAME, bounds=Bounds(), limit=100, descending=True), SHARDS),
        (lambda users: users.history("user-0", limit=50), 2),
        (lambda users: users.scan_by_age(Bounds()), 4),
        (lambda users: users.ping(), 1),
    ],
    ids=["get", "with_email", "in_order", "descending", "history", "scan_by_age", "ping"],
)
def test_a_read_is_so_many_requests_and_consumes_something(
    engine_of_200: DynamoEngine, ask: Ask, requests: int
) -> None:
    with metering() as meter:
        ask(engine_of_200.users)
    assert meter.requests == requests
    assert meter.capacity > 0


def test_a_hundred_are_read_in_one_request(engine_of_200: DynamoEngine) -> None:
    # The emulator does not say what that consumes.
    with metering() as meter:
        engine_of_200.users.get_all([f"user-{index}" for index in range(100)])
    assert meter.requests == 1


def test_a_write_is_one_request(engine: DynamoEngine, made: UserFactory, changed: UserFactory) -> None:
    users, ada = engine.users, made("ada")
    moved = changed(ada, email="moved@example.com")
    writes: list[Callable[[], object]] = [
        lambda: users.create(ada, receipt=RECEIPT),
        lambda: users.update(moved, former_email=ada.profile.email),
        lambda: users.create_all([made(f"user-{index}") for index in range(33)]),
    ]
    for write in writes:
        with metering() as meter:
            write()
        assert meter.requests == 1
    with metering() as meter:
        users.delete(moved, deletion=deletion(moved, at=NOON, region=REGION))
    assert meter.requests == 3
