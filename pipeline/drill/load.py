"""The clients of a drill: two of each kind, working side by side until they are told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from pipeline.drill.attempt import ClientKind
from pipeline.drill.client import Client, Pace
from pipeline.drill.clock import Clock
from pipeline.drill.ledger import Ledger
from pipeline.drill.probes import Probes
from pipeline.drill.way import Way
from pipeline.drill.workload import Workload

OF_EACH_KIND = 2


@asynccontextmanager
async def load(
    drill: str, probes: Probes, ledger: Ledger, clock: Clock, pace: Pace, *, trust_env: bool = False
) -> AsyncIterator[Sequence[Client]]:
    """Run the clients for the length of the block; those that have an answer to wait for get it, or give up.

    `drill` is in all names and keys, so that no two drills make the same users. A client that fails in a way
    that nobody foresaw ends the block with its exception.
    """
    stopping = asyncio.Event()
    async with AsyncExitStack() as sessions, _tasks() as group:
        clients = []
        for kind in ClientKind:
            for number in range(1, OF_EACH_KIND + 1):
                name = f"{drill}-{kind}-{number}"
                way = Way(kind, await probes.lookup(kind))
                session = ClientSession(
                    connector=TCPConnector(limit=1),
                    cookie_jar=DummyCookieJar(),
                    trust_env=trust_env,
                    middlewares=probes.middlewares,
                )
                await sessions.enter_async_context(session)
                client = Client(
                    Workload(client=name, random=Random(name)),  # noqa: S311 - a load, not a secret
                    kind=kind,
                    way=way,
                    session=session,
                    ledger=ledger,
                    clock=clock,
                    pace=pace,
                )
                clients.append(client)
                group.create_task(client.work(stopping), name=name)
        try:
            yield clients
        finally:
            stopping.set()


@asynccontextmanager
async def _tasks() -> AsyncIterator[asyncio.TaskGroup]:
    """Give a group of tasks, or of a block, whose first failure comes out as it is, and not in a group."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
