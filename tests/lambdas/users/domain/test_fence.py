"""How long a process goes by what it knows of its region, and what it does when it knows nothing."""

import inspect
import time

import pytest

from lambdas.users.domain.errors import RegionFenced, RepositoryUnavailable
from lambdas.users.domain.fence import FENCE_SETTLES_S, Fence
from lambdas.users.domain.region_state import RegionState
from tests.lambdas.clock import Clock

ACTIVE, FENCED = RegionState.ACTIVE, RegionState.FENCED
JUST_BEFORE = FENCE_SETTLES_S - 0.001


class Register:
    """A RegionRegister that counts who asks, takes its time to answer, and fails without a state."""

    def __init__(self, clock: Clock) -> None:
        self.now: RegionState | None = ACTIVE
        self.asked = 0
        self.takes = 0.0
        self._clock = clock

    def state(self) -> RegionState:
        self.asked += 1
        state = self.now
        self._clock.now += self.takes
        if state is None:
            raise RepositoryUnavailable
        return state


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000.0)


@pytest.fixture
def wall() -> Clock:
    return Clock(1_900_000_000.0)


@pytest.fixture
def register(clock: Clock) -> Register:
    return Register(clock)


@pytest.fixture
def fence(register: Register, clock: Clock, wall: Clock) -> Fence:
    return Fence(register, clocks=(clock, wall))


def test_nobody_asks_before_the_first_write(fence: Fence, register: Register) -> None:  # noqa: ARG001
    assert register.asked == 0


def test_an_active_region_lets_writes_in(fence: Fence) -> None:
    fence.require_open()


def test_a_fenced_region_lets_none_in(fence: Fence, register: Register) -> None:
    register.now = FENCED
    with pytest.raises(RegionFenced):
        fence.require_open()


@pytest.mark.parametrize("state", RegionState)
def test_the_register_is_asked_once_in_the_time_in_which_a_fence_settles(
    fence: Fence, register: Register, clock: Clock, state: RegionState
) -> None:
    register.now = state
    for _ in range(3):
        _is_open(fence)
        clock.now += JUST_BEFORE / 2
    assert register.asked == 1
    clock.now += 0.001
    _is_open(fence)
    assert register.asked == 2


def test_a_write_may_be_let_in_until_the_fence_has_settled_and_not_after(
    fence: Fence, register: Register, clock: Clock
) -> None:
    fence.require_open()
    register.now = FENCED
    clock.now += JUST_BEFORE
    fence.require_open()
    clock.now += 0.001
    with pytest.raises(RegionFenced):
        fence.require_open()


def test_a_region_that_is_fenced_no_more_takes_writes_once_that_has_settled(
    fence: Fence, register: Register, clock: Clock
) -> None:
    register.now = FENCED
    assert not _is_open(fence)
    register.now = ACTIVE
    assert not _is_open(fence)
    clock.now += FENCE_SETTLES_S
    assert _is_open(fence)


def test_an_answer_that_was_long_on_its_way_is_as_old_as_its_question(
    fence: Fence, register: Register, clock: Clock
) -> None:
    register.takes = JUST_BEFORE
    fence.require_open()
    register.now = FENCED
    clock.now += 0.001
    with pytest.raises(RegionFenced):
        fence.require_open()


@pytest.mark.parametrize("step", [FENCE_SETTLES_S, 3_600.0, -1.0], ids=["settled", "frozen", "set back"])
def test_a_state_is_asked_for_again_where_either_clock_doubts_its_age(
    fence: Fence, register: Register, wall: Clock, step: float
) -> None:
    fence.require_open()
    register.now = FENCED
    wall.now += step
    with pytest.raises(RegionFenced):
        fence.require_open()


def test_without_a_state_nobody_is_let_in_and_the_next_write_asks_again(
    fence: Fence, register: Register
) -> None:
    register.now = None
    for _ in range(2):
        with pytest.raises(RepositoryUnavailable):
            fence.require_open()
    assert register.asked == 2
    register.now = ACTIVE
    fence.require_open()


@pytest.mark.parametrize("last", RegionState)
def test_the_last_state_that_was_known_lets_nobody_in_when_it_is_too_old(
    fence: Fence, register: Register, clock: Clock, last: RegionState
) -> None:
    register.now = last
    _is_open(fence)
    register.now = None
    clock.now += JUST_BEFORE
    assert _is_open(fence) is (last is ACTIVE)
    clock.now += 0.001
    with pytest.raises(RepositoryUnavailable):
        fence.require_open()


def test_by_itself_a_fence_goes_by_both_clocks_of_the_machine(register: Register) -> None:
    assert inspect.signature(Fence).parameters["clocks"].default == (time.monotonic, time.time)
    fence = Fence(register)
    for _ in range(3):
        fence.require_open()
    assert register.asked == 1


def _is_open(fence: Fence) -> bool:
    try:
        fence.require_open()
    except RegionFenced:
        return False
    return True
