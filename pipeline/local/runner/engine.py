"""What the runner does with a commit: waits for the turn, clears up, carries it, and keeps the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import interruption
from pipeline.local.runner.action import Performer
from pipeline.local.runner.approval import Approver, Beforehand, Decision
from pipeline.local.runner.definition import Definition
from pipeline.local.runner.execution import Execution
from pipeline.local.runner.history import History
from pipeline.local.runner.interruption import Told
from pipeline.local.runner.ledger import Ledger
from pipeline.local.runner.record import Record, Status
from pipeline.local.runner.recovery import recover
from pipeline.local.runner.rollback import Back
from pipeline.local.runner.turn import Queue, overtaken


class NotWaiting(LocalError):
    """An execution waits for no approval, or for none any more."""


@dataclass(kw_only=True)
class Engine:
    """The pipeline of one platform on this machine.

    `current` returns the deployed definition and may raise LocalError; `is_ancestor(commit, of)` tells
    whether `of` is the commit or comes after it; `tell` takes a line at a time. If it raises OSError, nobody
    listens any more: that is an interruption like a signal, and nothing more is told. `settle` is awaited
    when an execution has ended, before the next one begins.
    """

    history: History
    queue: Queue
    layout: Layout
    perform: Performer
    approver: Approver
    current: Callable[[], Definition]
    is_ancestor: Callable[[str, str], bool]
    tell: Callable[[str], None]
    settle: Callable[[], Awaitable[None]]
    _told: Told = field(init=False)

    async def carry(self, record: Record) -> Record:
        """Carry a commit, from `Record.queued`, when its turn comes; return the record as it is kept then.

        It is `Succeeded`, `Failed`, `Stopped`, `Superseded`, or `InProgress` and waits for an approval. To
        cancel the task interrupts it, with the cancellation's message as the cause; it ends by itself then,
        and a second time stops a rollback too. Raises OSError.
        """
        self.history.write(record)
        return await self._in_turn(record, lambda: self._carry(record))

    async def resume(self, id: str, decision: Decision) -> Record:
        """Go on with an execution that waits for an approval; returns as `carry` does.

        Raises:
            NotWaiting: it does not wait when its turn comes.
            OSError: there is none of that id.
            ValueError: its record cannot be read.
        """
        record = self.history.read(id)
        return await self._in_turn(record, lambda: self._resume(id, decision))

    async def _in_turn(self, record: Record, then: Callable[[], Awaitable[Record]]) -> Record:
        self._told = Told(write=self.tell, task=asyncio.current_task())
        try:
            async with self.queue.turn(self._told):
                await self._recover()
                ended = await then()
                await self.settle()
                self.history.keep()
                return ended
        except asyncio.CancelledError as error:
            interruption.forgive()
            return self._never_began(record.id, Status.STOPPED, interruption.cause(error))
        except NotWaiting:
            raise
        except LocalError as error:
            return self._never_began(record.id, Status.FAILED, str(error))

    def _never_began(self, id: str, status: Status, cause: str) -> Record:
        """End an execution before anything of it is under way; one that waits for an approval still does."""
        self._told(f"✗ {cause}")
        record = self.history.read(id)
        if record.status is Status.QUEUED:
            record = Ledger(self.history, record).end(status, cause)
        return record

    async def _recover(self) -> None:
        if not any(record.abandoned for record in self.history.records()):
            return
        back = Back(
            history=self.history,
            layout=self.layout,
            definition=self.current(),
            perform=self.perform,
            tell=self._told,
        )
        await recover(back)

    async def _carry(self, record: Record) -> Record:
        if newer := overtaken(record, self.history, self.is_ancestor):
            cause = f"{newer.id}, which was pushed after it, has it and ran before it"
            self._told(f"{record.id} is superseded: {cause}")
            return Ledger(self.history, record).end(Status.SUPERSEDED, cause)
        return await self._execution(record, self.approver).run()

    async def _resume(self, id: str, decision: Decision) -> Record:
        record = self.history.read(id)
        if record.waiting is None:
            raise NotWaiting(f"{id} waits for no approval: it is {record.status}.")
        stage, action = record.waiting
        self.current()  # where that cannot be read it goes on to wait
        approver = Beforehand(decision=decision, action=action, otherwise=self.approver)
        return await self._execution(record, approver).run(since=stage)

    def _execution(self, record: Record, approver: Approver) -> Execution:
        return Execution(
            ledger=Ledger(self.history, record),
            history=self.history,
            layout=self.layout,
            perform=self.perform,
            approver=approver,
            current=self.current,
            tell=self._told,
        )
