"""A pipeline whose actions are played, for tests of what is done with it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from pipeline.local.layout import Layout
from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.approval import Approver, Nobody
from pipeline.local.runner.definition import Action, Definition, Stage
from pipeline.local.runner.engine import Engine
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record
from pipeline.local.runner.turn import Queue

Play = Callable[[Action, Work], Awaitable[Mapping[str, str]]]


def action(
    name: str,
    *,
    order: int = 1,
    category: str = "Build",
    takes: Sequence[str] = (),
    makes: Sequence[str] = (),
    says: Mapping[str, str] | None = None,
    namespace: str | None = None,
) -> Action:
    return Action(
        stage="",
        name=name,
        category=category,
        owner="AWS",
        provider="Manual" if category == "Approval" else "Played",
        run_order=order,
        configuration=says or {},
        inputs=takes,
        outputs=makes,
        namespace=namespace,
        region=None,
    )


def stage(name: str, *actions: Action, rolls_back: bool = True) -> Stage:
    placed = [Action(**{**vars(each), "stage": name}) for each in actions]
    return Stage(name=name, actions=placed, rolls_back=rolls_back)


def pipeline(*stages: Stage, text: str = "as it was") -> Definition:
    return Definition(stages=stages, text=text)


def short() -> Definition:
    """Builds, and deploys what was built."""
    return pipeline(
        stage("Source", action("Source", category="Source", makes=["code"]), rolls_back=False),
        stage("Build", action("Synth", takes=["code"], makes=["built"])),
        stage("Local", action("Deploy", category="Deploy", takes=["built"])),
    )


class Played:
    """Plays actions: each makes its artifacts, of the commit, unless it is told to do something else."""

    def __init__(self, folder: Path, definition: Definition | None = None) -> None:
        self.settled = 0
        self.layout = Layout(state=folder)
        self.said: list[str] = []
        self.history = History(folder / "executions", tell=self.said.append)
        self.queue = Queue(folder=folder, poll_s=0.005)
        self.definitions = [definition or short()]
        self.performed: list[tuple[str, str]] = []  # action and what it deployed
        self.instead: dict[str, Play] = {}
        self.approver: Approver = Nobody()
        self.tell: Callable[[str], None] = self.said.append
        self._clock = itertools.count(1_700_000_000.0)

    async def perform(self, action: Action, work: Work) -> Mapping[str, str]:
        if play := self.instead.get(action.name):
            return await play(action, work)
        return await self.well(action, work)

    async def well(self, action: Action, work: Work) -> Mapping[str, str]:
        await asyncio.sleep(0)
        taken = [(work.artifact(name) / "of").read_text() for name in action.inputs]
        self.performed.append((action.name, taken[0] if taken else work.commit))
        for name in action.outputs:
            work.artifact(name).mkdir(parents=True, exist_ok=True)
            (work.artifact(name) / "of").write_text(work.commit)
        return {"VERDICT": f"{work.commit} is well"} if action.namespace else {}

    def fail(self, name: str, *, of: str | None = None, cause: str = "it broke") -> None:
        """Have an action fail; `of` is the only commit with which it does."""

        async def play(action: Action, work: Work) -> Mapping[str, str]:
            if of in {None, work.commit}:
                work.log.write_text("one\ntwo\n")
                raise ActionFailed(cause)
            return await self.well(action, work)

        self.instead[name] = play

    def hang(self, name: str, *, of: str | None = None) -> asyncio.Event:
        """Have an action go on until it is cancelled; the event is set when it has begun."""
        begun = asyncio.Event()

        async def play(action: Action, work: Work) -> Mapping[str, str]:
            if of not in {None, work.commit}:
                return await self.well(action, work)
            begun.set()
            await asyncio.Event().wait()
            return {}

        self.instead[name] = play
        return begun

    def current(self) -> Definition:
        return self.definitions.pop(0) if len(self.definitions) > 1 else self.definitions[0]

    def engine(self) -> Engine:
        return Engine(
            history=self.history,
            queue=self.queue,
            layout=self.layout,
            perform=self.perform,
            approver=self.approver,
            current=self.current,
            is_ancestor=lambda commit, of: commit <= of,
            tell=self.tell,
            settle=self.settle,
        )

    async def settle(self) -> None:
        self.settled += 1

    def pushed(self, commit: str) -> Record:
        return Record.queued(
            commit=commit, subject=f"Do {commit}", committed_at=1.0, pushed_at=next(self._clock)
        )

    def carry(self, commit: str) -> Record:
        return asyncio.run(self.engine().carry(self.pushed(commit)))
