"""A write is held from its first failure until it is decided."""

from __future__ import annotations

import pytest

from pipeline.drill.attempt import Operation
from pipeline.drill.finding import Invariant
from pipeline.drill.held import held_writes, too_long
from tests.pipeline.drill.made import T, attempt

UPDATE = Operation.UPDATE


def test_a_write_that_is_done_at_once_is_not_held() -> None:
    assert held_writes([attempt(UPDATE, write="w"), attempt(UPDATE, status=412, write="v")]) == []


@pytest.mark.parametrize(
    ("first", "last", "done"), [(503, 200, True), (None, 200, True), (500, 409, True), (429, 503, False)]
)
def test_it_is_held_until_it_is_acknowledged_or_judged(first: int | None, last: int, done: bool) -> None:
    attempts = [
        attempt(UPDATE, T + 20, status=last, write="w", took=1, fenced=True, id="last"),
        attempt(UPDATE, T, status=first, write="w", fenced=True, id="first"),
    ]
    (wait,) = held_writes(attempts)
    assert (wait.write, wait.seconds, wait.attempts, wait.done) == ("w", 21, ("first", "last"), done)


def test_what_comes_after_the_decision_does_not_count() -> None:
    attempts = [
        attempt(UPDATE, T + n * 10, status=s, write="w", took=1) for n, s in enumerate([503, 200, None])
    ]
    assert [wait.seconds for wait in held_writes(attempts)] == [11]


def test_reads_are_not_held() -> None:
    assert held_writes([attempt(Operation.READ, status=None)]) == []


def test_the_longest_comes_first_and_only_those_over_the_limit_are_violations() -> None:
    attempts = [
        attempt(UPDATE, status=None, took=61, write="long", id="a"),
        attempt(UPDATE, status=None, took=60, write="short"),
    ]
    held = held_writes(attempts)
    assert [wait.write for wait in held] == ["long", "short"]
    (finding,) = too_long(held, 60)
    assert (finding.invariant, finding.evidence) == (Invariant.HELD, ("long", "a"))
    assert finding.sentence == "Write long was held for 61.0 s, which is more than 60 s, and was never done."
    assert too_long(held, None) == []
