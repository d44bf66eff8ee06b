"""A fenced region takes no write by any way in, and goes on with all else."""

from collections.abc import Callable

import pytest

from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.adapters.register import MemoryRegister
from lambdas.users.domain.errors import RepositoryUnavailable
from lambdas.users.domain.fence import FENCE_SETTLES_S, Fence
from lambdas.users.domain.receipt import Receipt
from lambdas.users.domain.region_state import RegionState
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User
from lambdas.users.handlers import batch
from tests.lambdas.asking import ADA
from tests.lambdas.clock import Clock
from tests.lambdas.gateway import FUNCTIONS, Answer, Call
from tests.lambdas.users.handlers.ways import KEYS, READS, WRITES, Way, write


def require_refused(answer: Answer, detail: str = "Writes are paused in this region") -> None:
    assert (answer.status, answer.json["detail"]) == (503, detail)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fence(register: MemoryRegister, clock: Clock) -> Fence:
    return Fence(register, clocks=[clock])


@pytest.fixture
def change(register: MemoryRegister, clock: Clock) -> Callable[[RegionState], None]:
    """The operator, who waits until a change has settled."""

    def change(state: RegionState) -> None:
        register.change(state)
        clock.now += FENCE_SETTLES_S

    return change


def test_every_way_to_write_is_tried_here() -> None:
    served: set[Way] = {
        (method, path, operation)
        for function in FUNCTIONS
        for path, methods in function.ROUTES.items()
        for method in methods
        for operation in (batch.OPERATIONS if path == "/batch" else (None,))
        if method != "GET"
    }
    assert served - {("POST", "/batch", "batch_read")} == set(WRITES)


@pytest.mark.parametrize("headers", KEYS, ids=["no key", "a key"])
@pytest.mark.parametrize("way", WRITES)
def test_every_way_leads_in_while_the_region_is_active(
    call: Call, way: Way, headers: dict[str, str] | None
) -> None:
    call("POST", "/users", body=ADA)
    assert write(call, way, headers).status in (200, 201)


class TestFenced:
    @pytest.fixture
    def users(self, failing: Callable[[Exception], UserRepository]) -> UserRepository:
        return failing(AssertionError("nobody should ask"))

    @pytest.mark.parametrize("headers", KEYS, ids=["no key", "a key"])
    @pytest.mark.parametrize("way", WRITES)
    def test_every_write_is_refused_before_a_user_is_read_for_it(
        self, call: Call, register: MemoryRegister, way: Way, headers: dict[str, str] | None
    ) -> None:
        register.change(RegionState.FENCED)
        require_refused(write(call, way, headers))

    def test_an_operation_that_nobody_knows_is_still_told_so(
        self, call: Call, register: MemoryRegister
    ) -> None:
        register.change(RegionState.FENCED)
        assert write(call, ("POST", "/batch", "batch_update")).status == 400
        assert call("PATCH", "/users/{user_id}", path="ada").status == 405


@pytest.mark.parametrize(("method", "resource", "parts"), READS)
@pytest.mark.usefixtures("people")
def test_reads_go_on_as_before(
    call: Call, change: Callable[[RegionState], None], method: str, resource: str, parts: dict[str, object]
) -> None:
    before = call(method, resource, **parts)
    change(RegionState.FENCED)
    after = call(method, resource, **parts)
    assert (after.status, after.body) == (before.status, before.body)
    assert after.status in (200, 404)


@pytest.mark.parametrize("way", WRITES)
@pytest.mark.usefixtures("people")
def test_what_was_refused_is_served_once_the_fence_is_gone(
    call: Call, change: Callable[[RegionState], None], way: Way
) -> None:
    change(RegionState.FENCED)
    require_refused(write(call, way))
    change(RegionState.ACTIVE)
    assert write(call, way).status in (200, 201)


@pytest.mark.parametrize("way", [("POST", "/users", None), ("POST", "/batch", "batch_write")])
def test_a_repeat_waits_too_and_has_the_first_answer_afterwards(
    call: Call, change: Callable[[RegionState], None], way: Way
) -> None:
    first = write(call, way, {"Idempotency-Key": "a key"})
    change(RegionState.FENCED)
    require_refused(write(call, way, {"Idempotency-Key": "a key"}))
    change(RegionState.ACTIVE)
    again = write(call, way, {"Idempotency-Key": "a key"})
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"


class TestMeanwhile:
    @pytest.fixture
    def users(self, register: MemoryRegister, clock: Clock) -> UserRepository:
        class Slow(MemoryUsers):
            """Everything takes so long that a fence goes up, and settles, before it is done."""

            def create(self, user: User, *, receipt: Receipt | None = None) -> None:
                register.change(RegionState.FENCED)
                clock.now += FENCE_SETTLES_S
                super().create(user, receipt=receipt)

        return Slow()

    @pytest.mark.parametrize("headers", KEYS, ids=["no key", "a key"])
    @pytest.mark.parametrize("way", [("POST", "/users", None), ("POST", "/batch", "batch_write")])
    def test_a_write_that_was_let_in_lands_whole_though_a_fence_goes_up(
        self, call: Call, way: Way, headers: dict[str, str] | None
    ) -> None:
        assert write(call, way, headers).status == 201
        assert call("GET", "/users").json["count"] == 1
        require_refused(write(call, way, headers))


class TestUnknown:
    @pytest.fixture
    def fence(self, clock: Clock) -> Fence:
        class Unreadable(MemoryRegister):
            def state(self) -> RegionState:
                raise RepositoryUnavailable

        return Fence(Unreadable(), clocks=[clock])

    @pytest.mark.parametrize("way", WRITES)
    def test_where_nobody_knows_whether_there_is_a_fence_no_write_begins(self, call: Call, way: Way) -> None:
        require_refused(write(call, way), "Service temporarily unavailable")

    @pytest.mark.parametrize(("method", "resource", "parts"), READS)
    def test_no_read_asks_whether_there_is_a_fence(
        self, call: Call, method: str, resource: str, parts: dict[str, object]
    ) -> None:
        assert call(method, resource, **parts).status in (200, 404)
