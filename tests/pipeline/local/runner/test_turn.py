"""One execution runs at a time, in the order in which they came, and the dead hold nobody up."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from pipeline.local.runner.history import KEPT
from pipeline.local.runner.process import Process
from pipeline.local.runner.record import Record, Status
from pipeline.local.runner.turn import Queue, overtaken
from tests.pipeline.local.runner.staged import Played

DEAD = Process(pid=os.getpid(), created_at=1.0)  # of a process that had this pid long ago


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    return Queue(folder=tmp_path, poll_s=0.002)


def leave(queue: Queue, number: int, content: bytes) -> Path:
    ticket = queue.folder / "queue" / f"{number:09}.json"
    ticket.parent.mkdir(parents=True, exist_ok=True)
    ticket.write_bytes(content)
    return ticket


async def taking(queue: Queue, name: str, order: list[str], said: list[str] | None = None) -> None:
    async with queue.turn((said if said is not None else []).append):
        order.append(f"{name} in")
        await asyncio.sleep(0.005)
        order.append(f"{name} out")


def test_one_at_a_time_first_come_first_served(queue: Queue) -> None:
    order: list[str] = []

    async def run() -> None:
        await asyncio.gather(*(taking(queue, name, order) for name in "abc"))

    asyncio.run(run())
    assert order == ["a in", "a out", "b in", "b out", "c in", "c out"]
    assert queue.length == 0


def test_each_is_told_how_many_are_before_it(queue: Queue) -> None:
    said: list[list[str]] = [[], [], []]

    async def run() -> None:
        await asyncio.gather(*(taking(queue, "x", [], lines) for lines in said))

    asyncio.run(run())
    one, two = "Waiting for 1 execution that came before", "Waiting for 2 executions that came before"
    assert said == [[], [one], [two, one]]


def test_one_that_is_interrupted_while_it_waits_holds_nobody_up(queue: Queue) -> None:
    order: list[str] = []

    async def run() -> None:
        async with queue.turn(order.append):
            second = asyncio.create_task(taking(queue, "second", order))
            third = asyncio.create_task(taking(queue, "third", order))
            while queue.length < 3:
                await asyncio.sleep(0)
            second.cancel()
            with suppress(asyncio.CancelledError):
                await second
        await third

    asyncio.run(run())
    assert order == ["third in", "third out"]


@pytest.mark.parametrize("content", [msgspec.json.encode(DEAD), b"", b'{"pid": 1'])
def test_the_ticket_of_a_dead_process_counts_for_nothing(queue: Queue, content: bytes) -> None:
    ticket = leave(queue, 1, content)
    order: list[str] = []
    asyncio.run(taking(queue, "a", order))
    assert order == ["a in", "a out"]
    assert not ticket.exists()


def test_the_ticket_of_a_process_that_lives_is_waited_for(queue: Queue) -> None:
    ticket = leave(queue, 1, msgspec.json.encode(Process.this()))
    order: list[str] = []

    async def run() -> None:
        waiting = asyncio.create_task(taking(queue, "a", order))
        while queue.length < 2:
            await asyncio.sleep(0)
        assert order == []
        ticket.unlink()
        await waiting

    asyncio.run(run())
    assert order == ["a in", "a out"]


def test_a_process_is_known_by_its_start_and_not_by_its_pid_alone() -> None:
    assert Process.this().lives
    assert not DEAD.lives
    assert not Process(pid=2**22 + 1, created_at=time.time()).lives


def test_executions_are_recorded_as_queued_until_their_turn(tmp_path: Path) -> None:
    played = Played(tmp_path)

    async def run() -> tuple[Record, Record]:
        record = played.pushed("aaa")
        async with played.queue.turn(print):
            task = asyncio.create_task(played.engine().carry(record))
            while played.queue.length < 2:
                await asyncio.sleep(0)
            queued = played.history.read(record.id)
        return queued, await task

    queued, ended = asyncio.run(run())
    assert (queued.status, ended.status) == (Status.QUEUED, Status.SUCCEEDED)


def test_one_that_is_interrupted_while_it_waits_was_stopped(tmp_path: Path) -> None:
    played = Played(tmp_path)

    async def run() -> Record:
        async with played.queue.turn(print):
            task = asyncio.create_task(played.engine().carry(played.pushed("aaa")))
            while played.queue.length < 2:
                await asyncio.sleep(0)
            task.cancel("Ctrl-C")
            return await task

    record = asyncio.run(run())
    assert (record.status, record.cause, record.began_at) == (Status.STOPPED, "Ctrl-C", None)
    assert (played.queue.length, played.performed) == (0, [])


def test_an_older_commit_whose_turn_comes_after_a_newer_one_is_superseded(tmp_path: Path) -> None:
    played = Played(tmp_path)
    older = played.pushed("aaa")
    newer = played.carry("bbb")
    record = asyncio.run(played.engine().carry(older))
    assert record.status is Status.SUPERSEDED
    assert newer.id in record.cause
    assert ("Deploy", "aaa") not in played.performed


def test_what_nobody_can_be_rolled_back_to_is_dropped_after_each(tmp_path: Path) -> None:
    played = Played(tmp_path)
    first, *_, last = [played.carry("aaa") for _ in range(KEPT + 1)]
    assert not played.history.artifacts(first.id).exists()
    assert played.history.artifacts(last.id).exists()


def test_a_commit_that_is_pushed_again_runs_again(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.carry("aaa")
    assert played.carry("aaa").status is Status.SUCCEEDED


def test_a_commit_that_is_not_in_the_one_that_ran_is_not_overtaken_by_it(tmp_path: Path) -> None:
    played = Played(tmp_path)
    older = played.pushed("ccc")
    played.carry("bbb")
    assert overtaken(older, played.history, lambda commit, of: commit <= of) is None
    assert asyncio.run(played.engine().carry(older)).status is Status.SUCCEEDED


def test_one_that_only_waits_overtakes_nobody(tmp_path: Path) -> None:
    played = Played(tmp_path)
    older, newer = played.pushed("aaa"), played.pushed("bbb")
    played.history.write(newer)
    assert overtaken(older, played.history, lambda _commit, _of: True) is None
