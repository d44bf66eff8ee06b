"""Requests side by side, in one bounded pool of threads for the whole process."""

import concurrent.futures
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import cache
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

LANES = 8


def side_by_side(work: Callable[[T], R], items: Sequence[T], *, lanes: int = LANES) -> Sequence[R]:
    """Return the result of the work on each item, in order, with so many done at once at the most.

    The caller's thread is one of the lanes, and waits for none that has not started: so work may itself go
    side by side, however busy the pool is, and a single item takes no other thread. The lanes see the
    caller's context variables. Raises what the work raises, after which nothing more is begun.
    """
    todo = deque(enumerate(items))
    done: dict[int, R] = {}

    def lane() -> None:
        while (task := _next(todo)) is not None:
            index, item = task
            try:
                done[index] = work(item)
            except BaseException:
                todo.clear()
                raise

    helpers = [_pool().submit(copy_context().run, lane) for _ in range(min(lanes, len(items)) - 1)]
    try:
        lane()
    finally:
        started = [helper for helper in helpers if not helper.cancel()]
        concurrent.futures.wait(started)
    for helper in started:
        helper.result()
    return [done[index] for index in range(len(items))]


def _next(todo: deque[T]) -> T | None:
    """Take the next item, which another lane may do first."""
    try:
        return todo.popleft()
    except IndexError:
        return None


@cache
def _pool() -> concurrent.futures.Executor:
    """Start the pool when it is needed first: a cold start pays neither for it nor for its modules."""
    return concurrent.futures.ThreadPoolExecutor(LANES, thread_name_prefix="lane")
