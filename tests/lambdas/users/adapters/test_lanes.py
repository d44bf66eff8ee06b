import threading
import time
from collections.abc import Sequence
from contextvars import ContextVar
from threading import Barrier, Event

import pytest

from lambdas.users.adapters.lanes import LANES, side_by_side

WHERE = ContextVar("where", default="nowhere")


def test_results_come_in_the_order_of_the_items() -> None:
    def slowly(item: int) -> int:
        time.sleep(0.001 * (item % 3))
        return item * item

    assert side_by_side(slowly, range(50)) == [item * item for item in range(50)]


def test_nothing_is_made_of_nothing() -> None:
    assert side_by_side(str, []) == []


def test_so_many_go_at_once() -> None:
    together = Barrier(LANES, timeout=5)
    side_by_side(lambda _item: together.wait(), range(LANES))


@pytest.mark.parametrize("lanes", [1, 3])
def test_no_more_go_at_once_than_they_should(lanes: int) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def count(_item: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)
        with lock:
            running -= 1

    side_by_side(count, range(20), lanes=lanes)
    assert most == lanes


def test_one_item_stays_in_the_thread_of_its_caller() -> None:
    assert side_by_side(lambda _item: threading.get_ident(), ["one"]) == [threading.get_ident()]


def test_every_lane_sees_the_context_of_the_caller() -> None:
    together = Barrier(LANES, timeout=5)

    def look(_item: int) -> str:
        together.wait()
        return WHERE.get()

    token = WHERE.set("here")
    assert side_by_side(look, range(LANES)) == ["here"] * LANES
    WHERE.reset(token)


def test_work_that_goes_side_by_side_itself_never_waits_for_its_own_lane() -> None:
    def deeper(depth: int) -> int:
        return 1 if depth == 0 else sum(side_by_side(deeper, [depth - 1] * LANES))

    assert deeper(3) == LANES**3


def test_many_callers_share_the_lanes() -> None:
    results: list[Sequence[int]] = []

    def call() -> None:
        results.append(side_by_side(lambda item: item + 1, range(100)))

    callers = [threading.Thread(target=call) for _ in range(20)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(10)
    assert results == [list(range(1, 101))] * 20


@pytest.mark.parametrize("failing", [0, 1, 7])
def test_a_failure_is_raised_and_nothing_is_begun_after_it(failing: int) -> None:
    begun: list[int] = []
    failed = Event()

    def work(item: int) -> None:
        begun.append(item)
        if item == failing:
            failed.set()
            raise LookupError(item)
        failed.wait(5)

    with pytest.raises(LookupError):
        side_by_side(work, range(1000))
    assert len(begun) <= 2 * LANES


def test_even_an_index_error_of_the_work_is_raised() -> None:
    def out_of_range(item: int) -> int:
        return [][item]

    with pytest.raises(IndexError):
        side_by_side(out_of_range, [1, 2])
