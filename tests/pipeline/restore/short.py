"""Restores of a few steps, which take no time on a stage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.client import Client
from pipeline.drill.place import Place
from pipeline.drill.rows import Table
from pipeline.drill.step import Role
from pipeline.restore import performance
from pipeline.restore.folder import Folder
from pipeline.restore.performance import Performance
from pipeline.restore.scenario import Scenario
from pipeline.restore.step import Do, Step, Who
from tests.pipeline.restore.staged import Stage

HERE, THERE = Role.PRIMARY, Role.SECONDARY


def step(do: Do, role: Role | None = None, **fields: Any) -> Step:  # noqa: ANN401  # as Step takes them
    who = Who.NOBODY if do in (Do.CARRY_ON, Do.CORRUPT, Do.REWRITE) else Who.ON_CALL
    values: dict[str, Any] = {"seconds": 1000.0}
    values |= {} if who is Who.NOBODY else {"verify": "Look.", "back": "Undo."}
    return Step(do=do, why=f"It does {do}.", who=who, role=role, **{**values, **fields})


TO_VERIFY = (
    step(Do.CORRUPT, begins_outage=True),
    step(Do.NOTE),
    step(Do.RESTORE, HERE),
    step(Do.AWAIT_RESTORED, HERE),
    step(Do.SETTINGS, HERE),
    step(Do.REPLICATE, HERE),
    step(Do.AWAIT_REPLICATED, HERE),
    step(Do.SETTINGS, THERE),
    step(Do.VERIFY, HERE),
)
FENCES = (step(Do.FENCE, HERE), step(Do.FENCE, THERE), step(Do.AWAIT_DRAINED, HERE), step(Do.REPLAY, HERE))
CHANGE = (step(Do.CUT_OVER), step(Do.UNFENCE, HERE), step(Do.UNFENCE, THERE))
END = (step(Do.AWAIT_CONVERGED), step(Do.CARRY_ON, seconds=1, ends_outage=True))
FOR_EVER = step(Do.CARRY_ON, seconds=1e9)
OF_ONE = (
    step(Do.REWRITE, begins_outage=True),
    step(Do.FIND),
    step(Do.PUT_BACK, ends_outage=True),
    step(Do.COMPARE, HERE),
    step(Do.COMPARE, THERE),
)


def scenario(*steps: Step, name: str = "table-restore", **fields: Any) -> Scenario:  # noqa: ANN401
    values: dict[str, Any] = {"title": "It", "hypothesis": "It runs.", "when": "Never."}
    return Scenario(name=name, steps=steps, not_covered=("All.",), **{**values, **fields})


WHOLE = scenario(*TO_VERIFY, *FENCES, *CHANGE, *END, longest_refusal_seconds=600)


def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nothing wait for what a stage does not have, and no clients work."""
    monkeypatch.setattr("pipeline.restore.steps.FENCE_SETTLES_S", 0)
    monkeypatch.setattr("pipeline.restore.steps.LOOK_S", 0.001)
    monkeypatch.setattr("pipeline.restore.waiting.LOOK_S", 0.001)
    monkeypatch.setattr("pipeline.restore.hand.RETRY_S", 0.001)
    monkeypatch.setattr("pipeline.restore.mending.RETRY_S", 0.001)
    monkeypatch.setattr("pipeline.drill.whole.WELL_AGAIN_S", 10_000)
    monkeypatch.setattr(Place, "drain_s", 0)
    monkeypatch.setattr(performance, "load", idle)


@asynccontextmanager
async def idle(*_given: object) -> AsyncIterator[Sequence[Client]]:
    """Stand in for the load: there are no clients."""
    yield []


def guard(stage: Stage) -> Callable[..., Any]:
    """Return a guard that notes when it is set and left."""

    @contextmanager
    def guarded(_folder: object) -> Iterator[None]:
        stage.done.append("guard is set")
        try:
            yield
        finally:
            stage.done.append("guard is left")

    return guarded


def perform(stage: Stage, path: Path, performed: Scenario = WHOLE, *, users: int = 9) -> tuple[Folder, Table]:
    """Perform a restore on a stage, and return its folder and what was there before."""
    folder = Folder(path=path)
    drill = Performance(
        scenario=performed,
        place=stage.place,
        folder=folder,
        guard=guard(stage),
        tell=stage.said.append,
        users=users,
    )
    return folder, asyncio.run(drill.perform())
