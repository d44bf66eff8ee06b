"""Performs a stage again as the last execution that passed it had performed it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.local.layout import Layout
from pipeline.local.runner.action import ActionFailed, Performer, Work
from pipeline.local.runner.approval import Decision
from pipeline.local.runner.definition import Action, Definition, Stage
from pipeline.local.runner.history import History
from pipeline.local.runner.interruption import cause, steadfast
from pipeline.local.runner.ledger import Ledger
from pipeline.local.runner.record import Record, Rollback, Status
from pipeline.local.runner.stage_run import StageFailed, StageRun
from pipeline.local.runner.variables import predefined


@dataclass(frozen=True, kw_only=True)
class Back:
    """Rolls stages of one execution back, by the definition that is deployed now.

    As on AWS, artifacts and variables are those of the earlier execution
    (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html). AWS refuses one of
    another version of the pipeline; here it will do as long as it has the artifacts that the stage needs.
    """

    history: History
    layout: Layout
    definition: Definition
    perform: Performer
    tell: Callable[[str], None]

    async def roll_back(self, stage: Stage, ledger: Ledger, *, interruptions: int) -> None:
        """Roll a stage back and keep how that went; so many interruptions do not stop it.

        Raises:
            CancelledError: one more did, which is kept as well.
        """
        rollback = self.target(stage)
        ledger.rolled_back(stage.name, rollback)
        if rollback.to and rollback.status is Status.IN_PROGRESS:
            again = self.perform_again(stage, ledger.record, rollback.to)
            try:
                rollback = await steadfast(again, interruptions=interruptions, warn=self.tell)
            except asyncio.CancelledError as error:
                stopped = Rollback(status=Status.STOPPED, to=rollback.to, cause=cause(error))
                self._keep(stage, ledger, stopped)
                raise
        self._keep(stage, ledger, rollback)

    def _keep(self, stage: Stage, ledger: Ledger, rollback: Rollback) -> None:
        ledger.rolled_back(stage.name, rollback)
        if rollback.status is Status.SUCCEEDED:
            self.tell(f"{stage.name} is rolled back to {rollback.to}")
        else:
            self.tell(f"{stage.name} is NOT rolled back: {rollback.cause}")

    def target(self, stage: Stage) -> Rollback:
        """Return what a stage is to be rolled back to; `Failed` with its cause where it cannot be."""
        good = self.history.last_good(stage.name)
        if good is None:
            none = f"no earlier execution passed {stage.name}, so that it is left as it is"
            return Rollback(status=Status.FAILED, cause=none)
        artifacts = self.history.artifacts(good.id)
        if gone := [name for name in stage.needs if not (artifacts / name).exists()]:
            why = f"{good.id} has no {', '.join(gone)} any more, so that {stage.name} is left as it is"
            return Rollback(status=Status.FAILED, to=good.id, cause=why)
        return Rollback(status=Status.IN_PROGRESS, to=good.id)

    async def perform_again(self, stage: Stage, record: Record, to: str) -> Rollback:
        """Perform a stage with what an earlier execution left; raises CancelledError."""
        self.tell(f"Rolling {stage.name} back to {to}")
        place = self.history.place(record.id) / "rollback" / stage.name
        good = self.history.read(to)
        shutil.rmtree(place, ignore_errors=True)

        def work(action: Action) -> Work:
            return Work(
                execution_id=record.id,
                commit=good.commit,
                definition=self.definition,
                artifacts=place,
                log=log_of(self.history, record, stage, action, "rollback"),
                layout=self.layout,
            )

        run = StageRun(
            stage=stage,
            work=work,
            perform=self.perform,
            approve=_refuse,
            tell=self.tell,
            known={**good.variables, **predefined(record)},
        )
        try:
            for name in stage.needs:  # what is made anew must not replace what the earlier one made
                shutil.copytree(self.history.artifacts(to) / name, place / name, symlinks=True)
            await run.run()
        except (StageFailed, OSError, shutil.Error) as error:
            return Rollback(status=Status.FAILED, to=to, cause=str(error))
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return Rollback(status=Status.SUCCEEDED, to=to)


def log_of(history: History, record: Record, stage: Stage, action: Action, *kind: str) -> Path:
    """Where the output of an action is written."""
    return history.place(record.id) / "logs" / "-".join((stage.name, *kind)) / f"{action.name}.log"


async def _refuse(action: Action) -> Decision:
    raise ActionFailed(f"{action.name} asks for an approval, and nobody is asked for a rollback")
