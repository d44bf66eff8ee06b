"""Clients of each kind work for as long as the block lasts, and no longer."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pipeline.drill import ledger
from pipeline.drill.attempt import Attempt, ClientKind
from pipeline.drill.client import Client, Pace
from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import Ledger
from pipeline.drill.load import load
from pipeline.drill.probes import ProbeError
from pipeline.drill.way import Lookup
from tests.pipeline.drill.staged import StagedProbes
from tests.pipeline.local.servers import Answer, Asked, Server

EVERY_KIND_TWICE = dict.fromkeys(ClientKind, 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


@asynccontextmanager
async def working(path: Path, probes: StagedProbes) -> AsyncIterator[Sequence[Client]]:
    written = Ledger(path)
    try:
        async with load("drill-7", probes, written, Clock(), Pace(between_s=0, timeout_s=5)) as clients:
            yield clients
    finally:
        written.close()


def attempts(path: Path) -> Sequence[Attempt]:
    return ledger.read(path).attempts


def test_there_are_two_of_each_kind_each_with_a_name_of_this_drill(path: Path) -> None:
    async def work() -> None:
        async with working(path, StagedProbes()) as clients:
            assert Counter(client.kind for client in clients) == EVERY_KIND_TWICE
            while len({sent.asked.client for sent in attempts(path)}) < 6:
                await asyncio.sleep(0)

    asyncio.run(work())
    names = {(sent.asked.client, sent.asked.kind) for sent in attempts(path)}
    assert Counter(kind for _, kind in names) == EVERY_KIND_TWICE
    assert all(name.startswith("drill-7-") for name, _ in names)


def test_they_stop_when_the_block_ends_each_with_its_answer(path: Path) -> None:
    def answer(_asked: Asked) -> Answer:
        return Answer(503, json.dumps({"detail": "Service temporarily unavailable"}).encode())

    async def work() -> None:
        before = asyncio.all_tasks()
        async with working(path, probes):
            while len(attempts(path)) < 6:
                await asyncio.sleep(0)
        assert asyncio.all_tasks() == before

    server = Server(answer)
    probes = StagedProbes()
    probes.url = f"http://127.0.0.1:{server.port}"
    try:
        asyncio.run(work())
    finally:
        server.stop()
    assert {sent.answered.status if sent.answered else None for sent in attempts(path)} == {503}


def test_a_client_that_fails_as_nobody_foresaw_ends_the_block_with_its_error(path: Path) -> None:
    class Failing(StagedProbes):
        async def lookup(self, kind: ClientKind) -> Lookup:
            async def look() -> str:
                if kind is ClientKind.CACHES_DNS:
                    raise LookupError("nobody foresaw this")
                return self.url

            return look

    async def work() -> None:
        async with working(path, Failing()):
            await asyncio.Event().wait()

    with pytest.raises(LookupError, match="nobody foresaw this"):
        asyncio.run(work())


def test_an_error_of_the_block_comes_out_as_it_is(path: Path) -> None:
    async def work() -> None:
        async with working(path, StagedProbes()):
            raise FaultError("it stays broken")

    with pytest.raises(FaultError, match="it stays broken"):
        asyncio.run(work())


def test_an_interruption_ends_all_of_them(path: Path) -> None:
    async def work() -> None:
        async with working(path, StagedProbes()):
            await asyncio.Event().wait()

    async def interrupted() -> None:
        task = asyncio.create_task(work())
        while not path.exists():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(interrupted())


def test_a_way_that_cannot_be_found_leaves_no_session_open(path: Path) -> None:
    class Blind(StagedProbes):
        async def lookup(self, kind: ClientKind) -> Lookup:
            if kind is ClientKind.CACHES_DNS:
                raise ProbeError("no DNS")
            return await super().lookup(kind)

    async def work() -> None:
        async with working(path, Blind()):
            pass

    with pytest.raises(ProbeError, match="no DNS"):
        asyncio.run(work())
