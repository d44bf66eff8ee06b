"""The record of one execution as it goes on: each change is on disk before the next thing is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from pipeline.local.runner.history import History
from pipeline.local.runner.process import Process
from pipeline.local.runner.record import Record, Rollback, StageRecord, Status

Clock = Callable[[], float]


class Ledger:
    """Keeps `record` up to date in memory and on disk; every method raises OSError."""

    def __init__(self, history: History, record: Record, *, now: Clock = time.time) -> None:
        self.record = record
        self._history = history
        self._now = now

    def begin(self) -> None:
        """This process runs it from now on."""
        began_at = self.record.began_at or self._now()
        self._keep(status=Status.IN_PROGRESS, began_at=began_at, process=Process.this())

    def restart(self) -> None:
        """It begins anew, with another definition."""
        self._keep(restarts=self.record.restarts + 1, stages={}, variables={})

    def stage_began(self, name: str) -> None:
        """A stage is under way; if it waited for an approval, it goes on."""
        before = self.record.stages.get(name)
        began = StageRecord(status=Status.IN_PROGRESS, began_at=self._now())
        self._stage(name, replace(before, waiting=None) if before and before.waiting else began)

    def stage_ended(self, name: str, status: Status, cause: str = "") -> None:
        """A stage is over."""
        stage = self.record.stages[name]
        self._stage(name, replace(stage, status=status, ended_at=self._now(), cause=cause, waiting=None))

    def stage_waits(self, name: str, action: str, done: list[str]) -> None:
        """A stage waits for an approval, and no process does for it."""
        stage = replace(self.record.stages[name], waiting=action, done=tuple(done))
        self._keep(stages={**self.record.stages, name: stage}, process=None)

    def rolled_back(self, name: str, rollback: Rollback) -> None:
        """A stage is being rolled back, or was."""
        self._stage(name, replace(self.record.stages[name], rollback=rollback))

    def found(self, variables: Mapping[str, Mapping[str, str]]) -> None:
        """Actions gave variables."""
        self._keep(variables={**self.record.variables, **variables})

    def end(self, status: Status, cause: str = "") -> Record:
        """It is over, and with it the stage that it was in."""
        at = self._now()
        stages = {
            name: stage
            if stage.ended_at
            else replace(stage, status=status, cause=cause, ended_at=at, waiting=None)
            for name, stage in self.record.stages.items()
        }
        self._keep(status=status, cause=cause, ended_at=at, process=None, stages=stages)
        return self.record

    def _stage(self, name: str, stage: StageRecord) -> None:
        self._keep(stages={**self.record.stages, name: stage})

    def _keep(self, **changes: object) -> None:
        self.record = replace(self.record, **changes)  # type: ignore[arg-type]
        self._history.write(self.record)
