"""Performs one stage: group after group, and the actions of a group side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.local.runner.action import ActionFailed, Performer, Work
from pipeline.local.runner.approval import Decision
from pipeline.local.runner.definition import Action, Stage
from pipeline.local.runner.record import Variables
from pipeline.local.runner.variables import substituted

LAST_LINES = 8
TAIL_BYTES = 8192
REJECTED = "rejected"


class StageFailed(Exception):
    """Actions of a stage failed; `rejected` if nothing was wrong but the answer of whoever was asked."""

    def __init__(self, cause: str, *, rejected: bool = False) -> None:
        super().__init__(cause)
        self.rejected = rejected


class StageWaits(Exception):
    """A stage goes no further before an approval is answered."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


@dataclass(kw_only=True)
class StageRun:
    """One performance of a stage, forwards or back.

    `work` gives an action what it works with, `approve` asks for an approval, and `known` has the variables
    of the stages before; those that this one gives come to `given`. Actions that are `done` are passed over.
    """

    stage: Stage
    work: Callable[[Action], Work]
    perform: Performer
    approve: Callable[[Action], Awaitable[Decision]]
    tell: Callable[[str], None]
    known: Variables
    done: list[str] = field(default_factory=list)
    given: dict[str, Mapping[str, str]] = field(default_factory=dict)

    async def run(self) -> None:
        """Perform the stage.

        An action that fails ends the stage, but not those beside it: they are not stopped, as CodePipeline
        does not stop them, and the stage ends when they have
        (https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-retry.html).

        Raises:
            StageFailed: at least one action failed or was rejected; the causes are in the message.
            StageWaits: nobody was there to answer for an approval.
        """
        for group in self.stage.groups:
            left = [action for action in group if action.name not in self.done]
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(self._outcome(action)) for action in left]
            outcomes = [task.result() for task in running]
            self._settle(left, outcomes)

    def _settle(self, group: Sequence[Action], outcomes: Sequence[str | Decision]) -> None:
        """Go on if all is well with a group."""
        failed = {
            action.name: str(outcome)
            for action, outcome in zip(group, outcomes, strict=True)
            if outcome not in {Decision.APPROVED, Decision.WAITING}
        }
        if failed:
            rejected = all(outcome == REJECTED for outcome in failed.values())
            raise StageFailed(
                "; ".join(f"{name}: {cause}" for name, cause in failed.items()), rejected=rejected
            )
        for action, outcome in zip(group, outcomes, strict=True):
            if outcome is Decision.WAITING:
                raise StageWaits(action.name)

    async def _outcome(self, action: Action) -> str | Decision:
        """Perform one action or have it approved; return how it went, a text if it failed."""
        began = time.monotonic()
        try:
            ready = substituted(action, {**self.known, **self.given})
            if action.approves:
                return self._answered(action, await self.approve(ready))
            work = self.work(action)
            work.log.parent.mkdir(parents=True, exist_ok=True)
            found = await self.perform(ready, work)
        except Exception as error:  # whatever goes wrong in an action is its failure
            cause = str(error) if isinstance(error, ActionFailed) else repr(error)
            self._failed(action, cause, time.monotonic() - began)
            return cause
        if action.namespace:
            self.given[action.namespace] = dict(found)
        self.done.append(action.name)
        self.tell(f"  ✓ {action.name} ({time.monotonic() - began:.1f} s)")
        return Decision.APPROVED

    def _answered(self, action: Action, decision: Decision) -> str | Decision:
        if decision is Decision.WAITING:
            self.tell(f"  … {action.name} waits for somebody to approve it")
            return decision
        if decision is Decision.REJECTED:
            self.tell(f"  ✗ {action.name}: {REJECTED}")
            return REJECTED
        self.done.append(action.name)
        self.tell(f"  ✓ {action.name}: approved")
        return decision

    def _failed(self, action: Action, cause: str, seconds: float) -> None:
        self.tell(f"  ✗ {action.name} ({seconds:.1f} s): {cause}")
        if action.approves:
            return
        log = self.work(action).log
        for line in last_lines(log):
            self.tell(f"      {line}")
        self.tell(f"      All of it: {log}")


def last_lines(log: Path) -> Sequence[str]:
    """Return the last lines of a log, none if there is no log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    return [line.rstrip() for line in lines if line.strip()][-LAST_LINES:]
