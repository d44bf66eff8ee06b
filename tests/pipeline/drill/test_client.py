"""A client sees its writes through, and the ledger has every attempt of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import ClientSession

from pipeline.drill import ledger
from pipeline.drill.attempt import Attempt, ClientKind, Operation, Outcome
from pipeline.drill.client import FENCED, Client, Pace
from pipeline.drill.clock import Clock
from pipeline.drill.ledger import Ledger
from pipeline.drill.way import NowhereError, Way
from pipeline.drill.workload import SHARES, Workload
from tests.pipeline.local.servers import Answer, Asked, Server

SOMEBODY = {
    "user_id": "u1",
    "email": "a@drill.example",
    "version": 1,
    "timestamp": "2030-01-01T00:00:00.000000Z",
}
JSON = ("Content-Type", "application/json")
REGION = ("X-Region", "eu-west-1")


def said(status: int, body: dict[str, Any], *headers: tuple[str, str]) -> Answer:
    return Answer(status, json.dumps(body).encode(), [JSON, REGION, *headers])


def created() -> Answer:
    return said(201, {"user": SOMEBODY}, ("ETag", '"1"'))


class Seen:
    """Answers each request with the next of the given answers, and the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def work(
    folder: Path,
    most: int,
    *answers: Answer,
    etags: dict[str, str] | None = None,
    lookup: Callable[[], str] | None = None,
) -> tuple[Sequence[Attempt], Seen, Client]:
    """Let a client send so many requests, and return what the ledger has of them."""
    seen = Seen(*answers)
    server = Server(seen)
    try:
        client = asyncio.run(_work(folder, most, f"http://127.0.0.1:{server.port}", etags or {}, lookup))
    finally:
        server.stop()
    return ledger.read(folder / "ledger.jsonl").attempts, seen, client


async def _work(
    folder: Path, most: int, url: str, etags: dict[str, str], lookup: Callable[[], str] | None
) -> Client:
    async def look() -> str:
        return lookup() if lookup else url

    written = Ledger(folder / "ledger.jsonl")
    pace = Pace(between_s=0, retry_s=0, timeout_s=1, most=most)
    workload = Workload(client="c", random=Random(1), etags=etags)  # noqa: S311 - a test
    async with ClientSession(trust_env=False) as session:
        kind = ClientKind.OBEYS_TTL
        client = Client(
            workload,
            kind=kind,
            way=Way(kind, look),
            session=session,
            ledger=written,
            clock=Clock(),
            pace=pace,
        )
        await client.work(asyncio.Event())
    written.close()
    return client


@pytest.fixture(autouse=True)
def creations_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have workloads ask for creations, unless a test wants something else."""
    for operation in SHARES:
        monkeypatch.setitem(SHARES, operation, int(operation is Operation.CREATE))


def outcomes(attempts: Sequence[Attempt]) -> list[Outcome]:
    return [attempt.outcome for attempt in attempts]


def test_what_was_acknowledged_is_in_the_ledger_with_the_version_that_was_told(tmp_path: Path) -> None:
    (attempt,), seen, client = work(tmp_path, 1, created())
    assert attempt.answered is not None
    assert (attempt.outcome, attempt.region, attempt.answered.status) == (
        Outcome.ACKNOWLEDGED,
        "eu-west-1",
        201,
    )
    (stored,) = attempt.answered.users
    assert (stored.user_id, stored.version, stored.at) == ("u1", 1, SOMEBODY["timestamp"])
    assert seen.asked[0].header("Idempotency-Key") == [attempt.asked.key]
    assert client.served_by == "eu-west-1"


def test_a_creation_is_repeated_with_its_key_until_it_is_known_what_became_of_it(tmp_path: Path) -> None:
    broken = said(502, {"message": "Internal server error"})
    attempts, seen, _ = work(tmp_path, 3, broken, broken, created())
    assert outcomes(attempts) == [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.ACKNOWLEDGED]
    assert len({attempt.asked.write for attempt in attempts}) == 1
    assert len({attempt.asked.id for attempt in attempts}) == 3
    assert len({(asked.body, *asked.header("Idempotency-Key")) for asked in seen.asked}) == 1


def test_a_fence_refuses_and_the_write_is_tried_again(tmp_path: Path) -> None:
    attempts, _, _ = work(tmp_path, 2, said(503, {"detail": FENCED}), created())
    assert outcomes(attempts) == [Outcome.REFUSED, Outcome.ACKNOWLEDGED]
    assert len({attempt.asked.write for attempt in attempts}) == 1


def test_another_503_leaves_it_open_whether_something_was_written(tmp_path: Path) -> None:
    attempts, _, _ = work(tmp_path, 1, said(503, {"detail": "Service temporarily unavailable"}))
    assert outcomes(attempts) == [Outcome.UNKNOWN]


def test_a_throttled_write_is_tried_again(tmp_path: Path) -> None:
    attempts, _, _ = work(tmp_path, 2, said(429, {"detail": "Too many requests"}), created())
    assert outcomes(attempts) == [Outcome.REFUSED, Outcome.ACKNOWLEDGED]
    assert len({attempt.asked.write for attempt in attempts}) == 1


def test_a_conflict_settles_a_write(tmp_path: Path) -> None:
    attempts, _, _ = work(tmp_path, 2, said(409, {"detail": "Email already in use"}), created())
    assert len({attempt.asked.write for attempt in attempts}) == 2


def test_no_answer_leaves_a_write_open(tmp_path: Path) -> None:
    attempts, _, _ = work(tmp_path, 1, created(), lookup=lambda: "http://127.0.0.1:1")
    assert attempts[0].answered is not None
    assert (attempts[0].outcome, attempts[0].answered.status) == (Outcome.UNKNOWN, None)
    assert "ClientConnectorError" in attempts[0].answered.detail


def test_a_name_that_leads_nowhere_is_no_answer(tmp_path: Path) -> None:
    def nowhere() -> str:
        raise NowhereError("no address")

    attempts, _, _ = work(tmp_path, 1, created(), lookup=nowhere)
    assert outcomes(attempts) == [Outcome.UNKNOWN]


def test_a_body_that_is_no_json_is_no_answer(tmp_path: Path) -> None:
    attempts, _, _ = work(tmp_path, 1, Answer(200, b"<html>", [JSON]))
    assert outcomes(attempts) == [Outcome.UNKNOWN]


def test_after_a_change_of_unknown_fate_the_user_is_read_and_not_changed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SHARES, Operation.CREATE, 0)
    monkeypatch.setitem(SHARES, Operation.UPDATE, 1)
    broken = said(504, {"message": "Endpoint request timed out"})
    found = said(200, {"user": SOMEBODY}, ("ETag", '"2"'))
    attempts, seen, client = work(tmp_path, 3, broken, found, etags={"u1": '"1"'})
    assert [attempt.asked.operation for attempt in attempts] == [
        Operation.UPDATE,
        Operation.READ,
        Operation.UPDATE,
    ]
    assert [asked.header("If-Match") for asked in seen.asked] == [['"1"'], [], ['"2"']]
    assert client.served_by == "eu-west-1"


def test_a_user_who_may_be_deleted_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHARES, Operation.CREATE, 0)
    monkeypatch.setitem(SHARES, Operation.DELETE, 1)
    attempts, _, _ = work(tmp_path, 2, said(504, {}), created(), etags={"u1": '"1"'})
    assert [attempt.asked.operation for attempt in attempts] == [Operation.DELETE, Operation.CREATE]


def test_a_user_that_has_moved_on_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHARES, Operation.CREATE, 0)
    monkeypatch.setitem(SHARES, Operation.UPDATE, 1)
    stale = said(412, {"detail": "The user has changed"})
    attempts, _, _ = work(tmp_path, 2, stale, created(), etags={"u1": '"1"'})
    assert [attempt.asked.operation for attempt in attempts] == [Operation.UPDATE, Operation.CREATE]


@pytest.mark.parametrize(
    ("kind", "lookups"),
    [(ClientKind.OBEYS_TTL, 4), (ClientKind.KEEPS_CONNECTIONS, 2), (ClientKind.CACHES_DNS, 4)],
)
def test_only_a_client_that_keeps_connections_asks_dns_after_failures_alone(
    kind: ClientKind, lookups: int
) -> None:
    asked: list[int] = []

    async def look() -> str:
        asked.append(1)
        return "http://127.0.0.1"

    async def go() -> None:
        way = Way(kind, look)
        await way.url()
        await way.url()
        way.give_up()
        await way.url()
        await way.url()

    asyncio.run(go())
    assert len(asked) == lookups
