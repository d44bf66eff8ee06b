"""Drills of a few steps, which take no time on a stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.drill.performance import Folder, Guard
from pipeline.drill.place import Place
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import FROZEN
from pipeline.drill.step import Do, Role, Step
from tests.pipeline.drill.staged import Staged

BREAK = Step(do=Do.BREAK, fault=FROZEN, begins_outage=True, why="It breaks.")
HEAL = Step(do=Do.HEAL, fault=FROZEN, ends_outage=True, why="It is mended.")
STOP = Step(do=Do.STOP, role=Role.PRIMARY, why="Out.")
FENCE = Step(do=Do.FENCE, role=Role.SECONDARY, why="No writes.")
FOR_EVER = Step(do=Do.CARRY_ON, seconds=1e9, why="Clients work for ever.")
DIE = Step(do=Do.DIE, why="It dies.")


def short(*between: Step, **fields: Any) -> Scenario:  # noqa: ANN401  # as Scenario takes them
    """Return a drill that breaks, takes these steps, and heals."""
    values: dict[str, Any] = {"name": "short", "hypothesis": "It runs.", "not_tested": (), "gate": False}
    return Scenario(**{**values, "steps": (BREAK, *between, HEAL), **fields})


def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing wait for what a stage does not have."""
    monkeypatch.setattr("pipeline.drill.run.FENCE_SETTLES_S", 0)
    monkeypatch.setattr("pipeline.drill.run.LOOK_S", 0.001)
    monkeypatch.setattr("pipeline.drill.whole.LOOK_S", 0.001)
    monkeypatch.setattr("pipeline.drill.whole.WELL_AGAIN_S", 10)
    monkeypatch.setattr("pipeline.drill.acts.time", SimpleNamespace(time=time.time, sleep=lambda _: None))
    monkeypatch.setattr(Place, "drain_s", 0)


def guard(staged: Staged) -> Guard:
    """Return a guard that notes when it is set and left."""

    @contextmanager
    def guarded(_folder: Folder) -> Iterator[None]:
        staged.done.append("guard is set")
        try:
            yield
        finally:
            staged.done.append("guard is left")

    return guarded
