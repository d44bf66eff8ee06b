"""What a Region's process answers below /_local/, called as an ASGI server calls it."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.local.emulator.change import Key
from pipeline.local.emulator.control import Control
from pipeline.local.emulator.endpoint import Receive, Scope, Send
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Replica
from tests.pipeline.local.emulator.rows import DEFINITION, TABLE, Rows, row
from tests.waiting import eventually

Settings = dict[str, Any]
Answer = tuple[int, dict[str, Any]]
Call = Callable[..., Awaitable[Answer]]


class RecordingReplication:
    def __init__(self) -> None:
        self.settings: Settings = {}

    def set(self, **settings: bool | int | None) -> None:
        self.settings = settings

    def describe(self) -> Settings:
        return {"peer": "eu-central-1", **self.settings}


async def emulator(scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps({"emulator": scope.get("path")}).encode()})


class Region:
    """A replica behind its control, and what is asked of it."""

    def __init__(self, state: Path) -> None:
        self.journal = Journal(state / "journal.jsonl", "eu-west-1")
        self.replica = Replica("eu-west-1", self.journal, Rows(), lambda: 1_000)
        self.saved = 0
        self.replication = RecordingReplication()
        self.control = Control(
            emulator,
            self.replica,
            describe=lambda: {"region": "eu-west-1"},
            tables=lambda: [TABLE],
            checkpoint=self._save,
        )
        self.control.replications = [self.replication]  # type: ignore[list-item]
        self.replica.write([(Key(TABLE), DEFINITION)])

    def _save(self) -> None:
        self.saved += 1

    async def call(self, call: str, *chunks: bytes) -> Answer:
        method, _, target = call.partition(" ")
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [],
        }
        body = chunks or (b"",)
        messages = [
            {"type": "http.request", "body": chunk, "more_body": chunk is not body[-1]} for chunk in body
        ]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
            sent.append(message)

        await self.control(scope, receive, send)
        start, content = sent
        return start["status"], json.loads(content["body"])

    async def changes(self, *, after: int, wait: float, journal: str | None = None) -> dict[str, Any]:
        journal = self.replica.journal_id if journal is None else journal
        query = f"journal={journal}&after={after}&reader=peer&wait={wait}"
        status, answer = await self.call(f"GET /_local/changes?{query}")
        assert status == 200
        return answer


@asynccontextmanager
async def region_in(state: Path) -> AsyncIterator[Region]:
    region = Region(state)
    yield region
    region.journal.close()


def in_region(state: Path, test: Callable[[Region], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with region_in(state) as region:
            await asyncio.wait_for(test(region), 20)

    asyncio.run(run())


async def turns_of_the_loop() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def write_while_the_loop_sleeps(region: Region, loops_thread: int, woken: Callable[[], bool]) -> None:
    eventually(lambda: sys._current_frames()[loops_thread].f_code.co_name == "select")
    region.replica.write([(row("ada"), None)])
    eventually(woken, within_s=5)


def answer_to(state: Path, call: str, *chunks: bytes) -> tuple[Answer, Region]:
    answers: list[tuple[Answer, Region]] = []

    async def test(region: Region) -> None:
        answers.append((await region.call(call, *chunks), region))

    in_region(state, test)
    return answers[0]


def test_status_has_the_facts_the_position_and_the_replications(tmp_path: Path) -> None:
    answer, _ = answer_to(tmp_path, "GET /_local/status")
    assert answer == (
        200,
        {"region": "eu-west-1", "changes": 1, "replication": [{"peer": "eu-central-1"}]},
    )


def test_tables_are_listed(tmp_path: Path) -> None:
    assert answer_to(tmp_path, "GET /_local/tables")[0] == (200, {"tables": [TABLE]})


def test_a_checkpoint_saves(tmp_path: Path) -> None:
    answer, region = answer_to(tmp_path, "POST /_local/checkpoint")
    assert (answer, region.saved) == ((200, {}), 1)


@pytest.mark.parametrize("call", ["GET /_local/nothing", "POST /_local/status", "DELETE /_local/tables"])
def test_an_unknown_call_is_not_found_and_named(tmp_path: Path, call: str) -> None:
    (status, answer), _ = answer_to(tmp_path, call)
    assert (status, answer["error"]) == (404, f"There is no {call.replace('/_local/', '')}")


@pytest.mark.parametrize("call", ["POST /", "GET /_localhost/status", "GET /restapis/api/local/users"])
def test_everything_else_is_the_emulators(tmp_path: Path, call: str) -> None:
    assert answer_to(tmp_path, call)[0] == (299, {"emulator": call.partition(" ")[2]})


def test_what_is_not_http_is_the_emulators(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        sent: list[Any] = []

        async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
            sent.append(message)

        async def receive() -> dict[str, Any]:
            raise AssertionError("nothing is read of it here")

        await region.control({"type": "lifespan"}, receive, send)
        assert sent[0]["status"] == 299

    in_region(tmp_path, test)


@pytest.mark.parametrize(
    "settings", [{"paused": True}, {"lag_ms": 250}, {"paused": False, "lag_ms": 0}, {"paused": None}, {}]
)
def test_replication_is_set(tmp_path: Path, settings: Settings) -> None:
    (status, answer), region = answer_to(tmp_path, "POST /_local/replication", json.dumps(settings).encode())
    assert status == 200
    assert region.replication.settings == {"paused": None, "lag_ms": None, **settings}
    assert answer["replication"] == [{"peer": "eu-central-1", **region.replication.settings}]


def test_a_body_in_pieces_is_read_whole(tmp_path: Path) -> None:
    _, region = answer_to(tmp_path, "POST /_local/replication", b'{"pau', b'sed": tr', b"ue}")
    assert region.replication.settings["paused"] is True


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b'"paused"',
        b'{"lag": 5}',
        b'{"paused": 1}',
        b'{"paused": "yes"}',
        b'{"lag_ms": true}',
        b'{"lag_ms": 1.5}',
        b'{"lag_ms": "5"}',
        b'{"lag_ms": -1}',
        b'{"paused": true, "lag_ms": -1}',
    ],
)
def test_settings_that_cannot_be_are_refused_and_change_nothing(tmp_path: Path, body: bytes) -> None:
    (status, answer), region = answer_to(tmp_path, "POST /_local/replication", body)
    assert (status, region.replication.settings) == (400, {})
    assert answer["error"].startswith("POST replication: ")


@pytest.mark.parametrize(
    "query", ["", "after=0&wait=0", "after=one&reader=peer&wait=0", "after=0&reader=peer&wait=soon"]
)
def test_changes_asked_for_wrongly_are_refused(tmp_path: Path, query: str) -> None:
    async def test(region: Region) -> None:
        status, answer = await region.call(f"GET /_local/changes?journal={region.replica.journal_id}&{query}")
        assert (status, answer["error"].startswith("GET changes: ")) == (400, True)

    in_region(tmp_path, test)


def test_changes_that_are_there_are_answered_without_waiting(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        answer = await region.changes(after=0, wait=1_000)
        assert (answer["journal"], answer["read"]) == (region.replica.journal_id, 1)
        assert [sequence for sequence, _ in answer["changes"]] == [1]

    in_region(tmp_path, test)


@pytest.mark.parametrize("readers", [1, 3])
def test_whoever_waits_is_woken_by_a_write(tmp_path: Path, readers: int) -> None:
    async def test(region: Region) -> None:
        waiting = [asyncio.create_task(region.changes(after=1, wait=1_000)) for _ in range(readers)]
        await turns_of_the_loop()
        assert not [task for task in waiting if task.done()]
        region.replica.write([(row("ada"), {"n": {"N": "1"}})])
        for answer in await asyncio.gather(*waiting):
            assert [sequence for sequence, _ in answer["changes"]] == [2]

    in_region(tmp_path, test)


def test_whoever_waits_is_woken_by_a_write_in_another_thread(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        waiting = asyncio.create_task(region.changes(after=1, wait=1_000))
        await turns_of_the_loop()
        await asyncio.to_thread(write_while_the_loop_sleeps, region, threading.get_ident(), waiting.done)
        assert (await waiting)["read"] == 2

    in_region(tmp_path, test)


def test_a_wait_that_is_over_is_answered_with_nothing(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        answer = await region.changes(after=1, wait=0.02)
        assert answer == {"journal": region.replica.journal_id, "changes": [], "read": 1}

    in_region(tmp_path, test)


def test_changes_that_concern_nobody_move_the_position_all_the_same(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        region.replica.write([(Key("000000000000/private", "ada"), {})])
        assert (await region.changes(after=1, wait=0))["read"] == 2

    in_region(tmp_path, test)


def test_a_reader_of_another_journal_begins_anew(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        answer = await region.changes(journal="lost", after=7, wait=1_000)
        assert answer == {"journal": region.replica.journal_id, "changes": [], "read": 0}

    in_region(tmp_path, test)


def test_a_write_before_the_first_request_wakes_nobody_and_fails_nothing(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.replica.write([(row("ada"), None)])
    assert region.replica.durable == 2
    region.journal.close()


def test_a_recovery_point_of_a_peer_is_received_whole_or_refused_with_the_reason(tmp_path: Path) -> None:
    received = []

    async def receive(account: str, point: dict[str, Any], content: bytes) -> None:
        if point["BackupVaultName"] == "none":
            raise ValueError("Backup vault none does not exist.")
        received.append((account, content))

    async def test(region: Region) -> None:
        call = "POST /_local/recovery-points?account=1&point="
        assert (await region.call(f"{call}%7B%7D", b"rows"))[0] == 404  # where nothing receives them
        region.control.receive = receive
        assert (await region.call(f'{call}{{"BackupVaultName":"v"}}', b"ro", b"ws"))[0] == 200
        status, answer = await region.call(f'{call}{{"BackupVaultName":"none"}}', b"rows")
        assert (status, answer["error"]) == (
            400,
            "POST recovery-points: Backup vault none does not exist.",
        )

    in_region(tmp_path, test)
    assert received == [("1", b"rows")]


def test_a_reader_that_missed_a_table_is_sent_that_table_alone(tmp_path: Path) -> None:
    async def test(region: Region) -> None:
        region.replica.write([(row("ada"), {"n": {"N": "1"}})])
        query = f"journal={region.replica.journal_id}&after=0&reader=peer&wait=0"
        _, answer = await region.call(f"GET /_local/changes?{query}&table={TABLE}&until=1")
        assert (answer["read"], len(answer["changes"])) == (1, 1)
        _, answer = await region.call(f"GET /_local/changes?{query}&table=000000000000/other&until=1")
        assert (answer["read"], answer["changes"]) == (1, [])

    in_region(tmp_path, test)
