"""How far replication is behind, written down again and again while a drill goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pipeline.drill.clock import Clock
from pipeline.drill.diary import Diary, Line
from pipeline.drill.place import Place
from pipeline.drill.step import Role
from pipeline.drill.timeline import LagSampled

SAMPLE_S = 0.5


@asynccontextmanager
async def sampling(place: Place, diary: Diary, clock: Clock) -> AsyncIterator[None]:
    """Have the lag of both Regions in the diary, twice a second, for as long as the block lasts."""
    task = asyncio.create_task(_sample(place, diary, clock))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _sample(place: Place, diary: Diary, clock: Clock) -> None:
    names = {role: region.name for role, region in place.regions.items()}
    while True:
        for role in Role:
            lag_s = await place.probes.lag_s(role)
            if lag_s is not None:
                here, there = names[role], names[role.peer]
                diary.add(Line(lag=LagSampled(at=clock.now(), source=here, target=there, lag_s=lag_s)))
        await asyncio.sleep(SAMPLE_S)
