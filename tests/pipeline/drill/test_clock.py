"""A drill's times are comparable, whatever happens to the wall clock."""

from __future__ import annotations

import time

import pytest

from pipeline.drill.clock import Clock


def test_it_begins_at_the_wall_clock() -> None:
    before = time.time()
    now = Clock().now()
    assert before - 1 < now < time.time() + 1


def test_a_correction_of_the_wall_clock_does_not_move_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert clock.now() >= before
