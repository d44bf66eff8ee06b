"""What a drill leaves on disk, and the place at which it was held."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from pipeline.drill.diary import Diary, Line, Restored, StepBegan, StepEnded
from pipeline.drill.facts import Facts
from pipeline.drill.judgement import Judged, judged
from pipeline.drill.ledger import Ledger
from pipeline.drill.performance import Folder
from pipeline.drill.rows import Table
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Step
from pipeline.drill.timeline import LagSampled
from tests.pipeline.drill.made import HERE, THERE, T
from tests.pipeline.drill.staged import Staged

ALLOWANCE_S = 15.0
WAIT = Step(do=Do.CARRY_ON, seconds=1, why="Clients work.")
RESTORED_AT = T + 99


def began(step: int, at: float) -> Line:
    return Line(began=StepBegan(at=at, step=step))


def ended(step: int, at: float, *, done: bool = True, struck_at: float | None = None) -> Line:
    return Line(ended=StepEnded(at=at, step=step, done=done, struck_at=struck_at))


def lag(at: float, lag_s: float, source: str = HERE) -> Line:
    return Line(lag=LagSampled(at=at, source=source, target=THERE if source == HERE else HERE, lag_s=lag_s))


def restored(by: str = "drill", at: float = RESTORED_AT) -> Line:
    return Line(restored=Restored(at=at, by=by))


# What a drill that breaks and heals leaves.
WHOLE = (began(0, T), ended(0, T + 1), began(1, T + 20), ended(1, T + 21), restored())


class Left:
    """A place at ten times the speed, and a folder in which a drill left what a test says."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path=path)
        self.staged = Staged(time_scale=10)
        self.place = replace(self.staged.place, allowance_s=ALLOWANCE_S)
        Ledger(self.folder.ledger).close()

    def judged(
        self,
        scenario: Scenario,
        *lines: Line,
        before: Table = Table(region="before"),  # noqa: B008
    ) -> Judged:
        for line in lines:
            Diary(self.folder.diary).add(line)
        return asyncio.run(judged(scenario, self.place, self.folder, before=before))

    def facts(self, scenario: Scenario, *lines: Line) -> Facts:
        return self.judged(scenario, *lines).evidence.facts
