"""How each step of a restore is taken on this machine."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.drill.client import Client
from pipeline.drill.clock import Clock
from pipeline.drill.place import FENCE_SETTLES_S
from pipeline.drill.rows import table
from pipeline.drill.run import LOOK_S, NotInTimeError, to_its_end
from pipeline.drill.step import Role
from pipeline.restore.acts import Acts
from pipeline.restore.answer import Answer, Noted
from pipeline.restore.calls import calls
from pipeline.restore.corruption import FIELD, PATTERN, Corruption
from pipeline.restore.folder import Folder
from pipeline.restore.functions import Functions
from pipeline.restore.place import RestorePlace
from pipeline.restore.state import least_users
from pipeline.restore.step import Do, Step
from pipeline.restore.table import RestoredTable
from pipeline.restore.user import UserSteps

Tell = Callable[[str], None]
Condition = Callable[[], Awaitable[bool]]


class Steps:
    """Takes steps at a place; what a step learns, the next ones know.

    `take` returns what there is to say of it, and raises NotInTimeError where it was not done, FaultError and
    botocore's errors where it cannot be.
    """

    def __init__(
        self,
        place: RestorePlace,
        folder: Folder,
        acts: Acts,
        functions: Functions,
        user: UserSteps,
        clock: Clock,
    ) -> None:
        self._place = place
        self._folder = folder
        self._acts = acts
        self._functions = functions
        self._user = user
        self._clock = clock
        self._facts = place.facts
        self._fenced_at: dict[Role, float] = {}
        self._table = RestoredTable(place=place, name=place.restored)

    async def take(self, step: Step, clients: Sequence[Client]) -> str:
        """Take one."""
        match step.do:
            case Do.CARRY_ON:
                await asyncio.sleep(self._place.place.at_scale(step.seconds))
            case Do.CORRUPT:
                return await self._corrupt()
            case Do.NOTE:
                return await asyncio.to_thread(self._note)
            case Do.CUT_OVER:
                await to_its_end(lambda _: self._acts.cut_over(), step)
            case Do.AWAIT_CONVERGED:
                for role in Role:
                    await self._drained(step, role, self._place.restored)
            case Do.REWRITE | Do.FIND | Do.PUT_BACK | Do.COMPARE:
                return await to_its_end(self._user.take, step)
            case _:
                return await self._take_at(step, step.role or Role.PRIMARY, clients)
        return ""

    async def _take_at(self, step: Step, role: Role, clients: Sequence[Client]) -> str:
        sent = calls(step, self._place.place.deployment, self._facts)
        match step.do:
            case Do.RESTORE:
                await to_its_end(self._acts.restore, sent)
            case Do.SETTINGS | Do.REPLICATE:
                for call in sent:
                    await to_its_end(self._table.await_active, role)
                    await to_its_end(self._acts.send, [call])
            case Do.AWAIT_RESTORED:
                await self._until(step, lambda: self._is(self._table.active, role), "it is not active")
                return await to_its_end(self._keep, role)
            case Do.AWAIT_REPLICATED:
                await self._until(
                    step, lambda: self._is(lambda _: self._table.replicated(), role), "it is not"
                )
            case Do.FENCE:
                await to_its_end(self._acts.fence, sent)
                await asyncio.sleep(FENCE_SETTLES_S)
                self._fenced_at[role] = time.monotonic()
            case Do.UNFENCE:
                await to_its_end(self._acts.unfence, sent)
            case Do.AWAIT_DRAINED:
                ends = self._fenced_at.get(role, time.monotonic()) + self._place.place.drain_s
                await asyncio.sleep(max(0.0, ends - time.monotonic()))
                await self._drained(step, role, self._place.former)
            case Do.AWAIT_SERVED:
                since = self._clock.now()
                await self._until(step, lambda: self._serves(clients, role, since), "not all are served")
            case Do.VERIFY:
                return await to_its_end(lambda call: self._functions.verify(call, self._facts), sent[0])
            case Do.REPLAY:
                self._facts = replace(
                    self._facts, least_users=None
                )  # what clients deleted since is gone then
                return await to_its_end(self._functions.replay, sent[0])
        return ""

    async def _corrupt(self) -> str:
        """Damage users; a drill that is cancelled ends when those under way are."""
        stopping = threading.Event()
        self._acts.damages()
        with self._place.http() as http:
            corruption = Corruption(
                region=self._place.region(Role.PRIMARY, self._place.former),
                http=http,
                damages=self._folder.damages,
                clock=self._clock,
                stopping=stopping,
            )
            task = asyncio.ensure_future(to_its_end(lambda each: each.happen(), corruption))
            try:
                count = await asyncio.shield(task)
            finally:
                stopping.set()
                await asyncio.wait([task])
        return f"{count:,} users are damaged"

    def _note(self) -> str:
        """Note the whole second before the first bad write."""
        first_bad_at = self._folder.damages.began_at
        if first_bad_at is None:
            raise NotInTimeError("nothing is damaged")
        second = datetime.fromtimestamp(math.ceil(first_bad_at) - 1, UTC)
        point = second.isoformat(timespec="seconds").replace("+00:00", "Z")
        region = self._place.region(Role.PRIMARY, self._place.former)
        least = least_users(table(region.name, region.rows()), point)
        self._facts = replace(
            self._facts, restore_point=point, field=FIELD, pattern=PATTERN, least_users=least
        )
        noted = Noted(
            at=self._clock.now(),
            restore_point=point,
            first_bad_at=first_bad_at,
            former=self._place.former,
            restored=self._place.restored,
            pattern=PATTERN,
        )
        self._folder.answers.add(Answer(noted=noted))
        return point

    def _keep(self, role: Role) -> str:
        """Keep what the restored table holds before anything else is done to it."""
        found = self._place.region(role, self._place.restored).rows()
        self._folder.came.keep(found)
        return f"{len(found):,} rows came with it"

    async def _serves(self, clients: Sequence[Client], role: Role, since: float) -> bool:
        name = self._place.place.regions[role].name
        return all(client.served_by == name and client.served_at >= since for client in clients)

    async def _drained(self, step: Step, role: Role, table: str) -> None:
        """Wait until a mark that is made in a Region's table now has arrived in the other."""
        here, there = self._place.region(role, table), self._place.region(role.peer, table)
        mark = await asyncio.to_thread(here.mark)

        async def arrived() -> bool:
            return await asyncio.to_thread(there.has_mark, mark, of=here.name)

        await self._until(step, arrived, f"what {role} took has not all arrived in {role.peer}")

    async def _is(self, condition: Callable[[Role], bool], role: Role) -> bool:
        return await asyncio.to_thread(condition, role)

    async def _until(self, step: Step, condition: Condition, otherwise: str) -> None:
        """Wait for a condition, for as long as the step allows."""
        most = self._place.place.at_scale(step.seconds) + self._place.place.allowance_s
        ends = time.monotonic() + most
        while not await condition():
            if time.monotonic() > ends:
                raise NotInTimeError(f"{otherwise} after {most:.0f} s")
            await asyncio.sleep(LOOK_S)
