"""Carries one commit through the stages of the pipeline, and back where a stage fails or is interrupted."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import interruption
from pipeline.local.runner.action import Performer, Work
from pipeline.local.runner.approval import Approver, Decision
from pipeline.local.runner.definition import SELF_UPDATE, Action, Definition, Stage
from pipeline.local.runner.history import History
from pipeline.local.runner.interruption import Told
from pipeline.local.runner.ledger import Ledger
from pipeline.local.runner.record import Record, Status
from pipeline.local.runner.rollback import Back, log_of
from pipeline.local.runner.stage_run import StageFailed, StageRun, StageWaits
from pipeline.local.runner.variables import predefined

RESTARTS = 3


class Ended(Exception):
    """An execution goes no further; `cause` says why."""

    def __init__(self, status: Status, cause: str) -> None:
        super().__init__(cause)
        self.status = status
        self.cause = cause


@dataclass(kw_only=True)
class Execution:
    """One execution, new or going on, with the definition that is deployed when it begins.

    `current` returns the definition as it is deployed whenever it is asked; it may raise LocalError.
    """

    ledger: Ledger
    history: History
    layout: Layout
    perform: Performer
    approver: Approver
    current: Callable[[], Definition]
    tell: Told
    interruptions: int = 1
    definition: Definition = field(init=False)

    async def run(self, *, since: str | None = None) -> Record:
        """Perform the stages, from the first or from one on, and return the record as it is kept then.

        It is over, or it waits for an approval. An interruption does not get out of here: the record says
        `Stopped`, and the stage that was under way was rolled back if it deploys.
        """
        self.ledger.begin()
        began = time.monotonic()
        try:
            self.definition = self.current()
            await self._stages(since)
        except StageWaits:
            return self.ledger.record
        except Ended as end:
            record = self.ledger.end(end.status, end.cause)
        except LocalError as error:
            record = self.ledger.end(Status.FAILED, str(error))
        except asyncio.CancelledError as error:
            interruption.forgive()
            record = self.ledger.end(Status.STOPPED, interruption.cause(error))
        else:
            record = self.ledger.end(Status.SUCCEEDED)
        self.tell.task = None  # it is over: whether somebody listens changes nothing any more
        mark = "✓" if record.status is Status.SUCCEEDED else "✗"
        why = f": {record.cause}" if record.cause else ""
        self.tell(f"{mark} {record.status} after {time.monotonic() - began:.0f} s{why}")
        return record

    async def _stages(self, since: str | None) -> None:
        left = self._since(since)
        while left:
            stage = left.pop(0)
            await self._stage(stage)
            if stage.name == SELF_UPDATE and self._changed():
                left = list(self.definition.stages)

    def _since(self, name: str | None) -> list[Stage]:
        stages = list(self.definition.stages)
        if name is None:
            return stages
        names = [stage.name for stage in stages]
        if name not in names:
            raise Ended(Status.FAILED, f"the pipeline has no stage {name} any more")
        return stages[names.index(name) :]

    def _changed(self) -> bool:
        """Take the definition that the pipeline has given itself, and tell whether to begin anew.

        https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.pipelines-readme.html
        """
        before, self.definition = self.definition, self.current()
        if self.definition.text == before.text:
            return False
        if self.ledger.record.restarts == RESTARTS:
            times = RESTARTS + 1
            cause = f"the pipeline changed itself {times} times in a row: it never settles on a definition"
            raise Ended(Status.FAILED, cause)
        self.tell("The pipeline has changed itself: it begins anew")
        self.ledger.restart()
        shutil.rmtree(self.history.artifacts(self.ledger.record.id), ignore_errors=True)
        return True

    async def _stage(self, stage: Stage) -> None:
        self.tell(f"Stage {stage.name}")
        await asyncio.sleep(0)  # an interruption while nothing is under way is heeded here
        self.ledger.stage_began(stage.name)
        record = self.ledger.record
        run = StageRun(
            stage=stage,
            work=lambda action: self._work(stage, action),
            perform=self.perform,
            approve=self._approve,
            tell=self.tell,
            known={**record.variables, **predefined(record)},
            done=list(record.stages[stage.name].done),
        )
        try:
            await run.run()
        except StageFailed as failed:
            await self._failed(stage, failed)
        except StageWaits as waits:
            self.ledger.found(run.given)
            self.ledger.stage_waits(stage.name, waits.action, run.done)
            raise
        except asyncio.CancelledError as error:
            await self._interrupted(stage, error)
        self.ledger.found(run.given)
        self.ledger.stage_ended(stage.name, Status.SUCCEEDED)

    async def _failed(self, stage: Stage, failed: StageFailed) -> NoReturn:
        self.ledger.stage_ended(stage.name, Status.FAILED, str(failed))
        if stage.rolls_back and not failed.rejected:
            await self._roll_back(stage)
        raise Ended(Status.FAILED, f"{stage.name}: {failed}")

    async def _interrupted(self, stage: Stage, error: asyncio.CancelledError) -> NoReturn:
        """Roll back a stage that may have left something half-changed; one that only builds has not."""
        interruption.forgive()
        if not self.tell.deaf:  # Ctrl-C of a push is a signal and the end of who listens, in either order
            self.interruptions = max(0, self.interruptions - 1)
        self.tell.task = None
        cause = interruption.cause(error)
        self.ledger.stage_ended(stage.name, Status.STOPPED, cause)
        self.tell(f"  ✗ {stage.name}: {cause}")
        if stage.rolls_back and stage.deploys:
            await self._roll_back(stage)
        raise Ended(Status.STOPPED, f"{stage.name}: {cause}")

    async def _roll_back(self, stage: Stage) -> None:
        self.tell.task = None  # that nobody listens any more is no reason to leave it half-way
        back = Back(
            history=self.history,
            layout=self.layout,
            definition=self.definition,
            perform=self.perform,
            tell=self.tell,
        )
        try:
            await back.roll_back(stage, self.ledger, interruptions=self.interruptions)
        except asyncio.CancelledError:
            interruption.forgive()  # the execution ends all the same, and says why

    def _work(self, stage: Stage, action: Action) -> Work:
        record = self.ledger.record
        return Work(
            execution_id=record.id,
            commit=record.commit,
            definition=self.definition,
            artifacts=self.history.artifacts(record.id),
            log=log_of(self.history, record, stage, action),
            layout=self.layout,
        )

    async def _approve(self, action: Action) -> Decision:
        """Ask for an approval; whatever older execution waits for the same one need not be asked about."""
        record = self.ledger.record
        for older in self.history.records():
            if older.waiting == (action.stage, action.name) and older.order < record.order:
                by = f"{record.id} came to {action.name} after it"
                Ledger(self.history, older).end(Status.SUPERSEDED, by)
                self.tell(f"  {older.id} waited for {action.name}, and is superseded")
        comment, url = (action.configuration.get(name, "") for name in ("CustomData", "ExternalEntityLink"))
        return await self.approver.ask(action, comment, url, record)
