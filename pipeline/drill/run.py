"""Takes the steps of a scenario, one after the other, while clients work."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from pipeline.drill.acts import Acts
from pipeline.drill.client import Client
from pipeline.drill.clock import Clock
from pipeline.drill.diary import Diary, Line, StepBegan, StepEnded
from pipeline.drill.place import FENCE_SETTLES_S, Place
from pipeline.drill.sampling import sampling
from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Fault, Role, Step

LOOK_S = 0.1

Tell = Callable[[str], None]
Condition = Callable[[], Awaitable[bool]]
A = TypeVar("A")
T = TypeVar("T")


class NotInTimeError(Exception):
    """What a step waited for did not come; the message says what was there instead."""


class Run:
    """One drill under way: `take_all` takes the steps, with `clients` at work.

    A step that waits in vain is noted, and the next one is taken: what is broken must be healed, and the
    verdict is told by what clients saw.
    """

    def __init__(
        self,
        scenario: Scenario,
        place: Place,
        acts: Acts,
        clients: Sequence[Client],
        *,
        diary: Diary,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._scenario = scenario
        self._place = place
        self._acts = acts
        self._clients = clients
        self._diary = diary
        self._clock = clock
        self._tell = tell

    async def take_all(self) -> None:
        """Take every step; raises FaultError, ProbeError and botocore's errors, which end the drill."""
        async with sampling(self._place, self._diary, self._clock):
            for number, step in enumerate(self._scenario.steps):
                self._tell(f"{number + 1}/{len(self._scenario.steps)} {step.do}: {step.why}")
                self._diary.add(Line(began=StepBegan(at=self._clock.now(), step=number)))
                done, note, struck_at = True, "", None
                try:
                    struck_at = await self._take(step)
                except NotInTimeError as late:
                    done, note = False, str(late)
                    self._tell(f"    not in time: {note}")
                ended = StepEnded(
                    at=self._clock.now(), step=number, done=done, note=note, struck_at=struck_at
                )
                self._diary.add(Line(ended=ended))

    async def _take(self, step: Step) -> float | None:
        """Take a step; return when what it breaks was broken, where that was not at once."""
        match step:
            case Step(do=Do.CARRY_ON):
                await asyncio.sleep(max(self._place.at_scale(step.seconds), step.least_seconds))
            case Step(do=Do.BREAK, fault=Fault() as fault):
                return await to_its_end(self._acts.inject, fault)
            case Step(do=Do.HEAL, fault=Fault() as fault):
                await to_its_end(self._acts.undo, fault)
            case Step(do=Do.AWAIT_CONVERGED):
                await self._drained(step, Role.PRIMARY)
                await self._drained(step, Role.SECONDARY)
            case Step(do=Do.DIE):
                os.kill(os.getpid(), signal.SIGKILL)
            case Step(role=Role() as role):
                await self._take_at(step, role)
        return None

    async def _take_at(self, step: Step, role: Role) -> None:
        match step.do:
            case Do.STOP:
                await to_its_end(self._acts.stop, role)
            case Do.START:
                await to_its_end(self._acts.start, role)
            case Do.FENCE:
                await to_its_end(self._acts.fence, role)
                await asyncio.sleep(FENCE_SETTLES_S)
            case Do.UNFENCE:
                await to_its_end(self._acts.unfence, role)
            case Do.AWAIT_DRAINED:
                await asyncio.sleep(self._place.drain_s)
                await self._drained(step, role)
            case Do.AWAIT_ANSWERED:
                await self._until(step, lambda: self._leads_to(role), f"DNS does not lead to {role}")
            case Do.AWAIT_SERVED:
                since = self._clock.now()
                await self._until(step, lambda: self._serves(role, since), f"not all are served by {role}")

    async def _leads_to(self, role: Role) -> bool:
        return await self._place.probes.answered() is role

    async def _serves(self, role: Role, since: float) -> bool:
        name = self._place.regions[role].name
        return all(client.served_by == name and client.served_at >= since for client in self._clients)

    async def _drained(self, step: Step, role: Role) -> None:
        """Wait until a mark that is made in a Region now has arrived in the other."""
        here, there = self._place.regions[role], self._place.regions[role.peer]
        mark = await asyncio.to_thread(here.mark)

        async def arrived() -> bool:
            return await asyncio.to_thread(there.has_mark, mark, of=here.name)

        await self._until(step, arrived, f"what {role} took has not all arrived in {role.peer}")

    async def _until(self, step: Step, condition: Condition, otherwise: str) -> None:
        """Wait for a condition, for as long as the step allows and what time does not divide takes."""
        most = self._place.at_scale(step.seconds) + self._place.allowance_s
        ends = time.monotonic() + most
        while not await condition():
            if time.monotonic() > ends:
                raise NotInTimeError(f"{otherwise} after {most:.0f} s")
            await asyncio.sleep(LOOK_S)


async def to_its_end(act: Callable[[A], T], on: A) -> T:
    """Do something in a thread, and return what it does; raises what it raises.

    A drill that is cancelled meanwhile ends when that is done, and not before: otherwise it would be undone
    while it is still being done.
    """
    task = asyncio.ensure_future(asyncio.to_thread(act, on))
    try:
        return await asyncio.shield(task)
    finally:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
