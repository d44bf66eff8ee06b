"""A Region follows its peer in order, through whatever the peer and the network do."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pipeline.local.emulator import replication as replications
from pipeline.local.emulator.change import Change, Stamp
from pipeline.local.emulator.journal import Journal
from pipeline.local.emulator.replica import Batch, Replica
from pipeline.local.emulator.replication import Replication, batch_from_json, batch_to_json
from tests.pipeline.local.emulator.rows import Rows, row
from tests.pipeline.local.servers import Answer, Asked, Server
from tests.ports import free_ports
from tests.waiting import eventually


class Peer:
    """A Region that holds changes in a list; it can be stopped, restarted and made to talk nonsense."""

    def __init__(self) -> None:
        self.port = free_ports(1)
        self.journal = "peer-journal"
        self.changes: list[Change] = []
        self.batch_limit = 2
        self.broken: Answer | None = None
        self.asked_after: list[int] = []

    def write(self, id: str, at: int) -> None:
        change = Change(row(id), {"n": {"N": str(at)}}, Stamp(at, "eu-central-1"), self.journal)
        self.changes.append(change)

    def answer(self, asked: Asked) -> Answer:
        if self.broken is not None:
            return self.broken
        query = dict(parse_qsl(urlsplit(asked.target).query, keep_blank_values=True))
        if query["journal"] != self.journal:
            return self._batch([], 0)
        after = int(query["after"])
        self.asked_after.append(after)
        found = list(enumerate(self.changes, start=1))[after : after + self.batch_limit]
        return self._batch(found, after + len(found))

    def _batch(self, changes: list[tuple[int, Change]], read: int) -> Answer:
        return Answer(200, json.dumps(batch_to_json(Batch(self.journal, changes, read))).encode())

    def start(self) -> None:
        self.server = Server(self.answer, self.port)


class Follower(Rows):
    """A Region that follows, and remembers in which order rows came."""

    def __init__(self, state: Path, port: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.order: list[str] = []
        self.journal = Journal(state / "journal.jsonl", "eu-west-1")
        self.replica = Replica("eu-west-1", self.journal, self, lambda: 1)
        self.replication = Replication(self.replica, "eu-central-1", port, loop)

    def apply(self, change: Change) -> None:
        super().apply(change)
        self.order.append(change.key.partition)

    def state(self) -> dict[str, Any]:
        return self.replication.describe()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


class Ended(BaseException):
    """Ends a thread that runs as long as its process."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    peer.start()
    yield peer
    peer.server.stop()


@pytest.fixture
def follower(
    tmp_path: Path, peer: Peer, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Follower]:
    monkeypatch.setattr(replications, "RETRY_S", (0.001, 0.01))
    follower = Follower(tmp_path, peer.port, loop)
    ended = threading.Event()
    fetch = follower.replication._fetch

    def fetch_until_ended() -> Batch:
        if ended.is_set():
            raise Ended
        return fetch()

    def run() -> None:
        with pytest.raises(Ended):
            Replication.run(follower.replication)

    monkeypatch.setattr(follower.replication, "_fetch", fetch_until_ended)
    monkeypatch.setattr(follower.replication, "run", run)
    follower.replication.start()
    yield follower
    ended.set()
    follower.replication.set(paused=False, lag_ms=0)
    follower.replication.join(timeout=20)
    assert not follower.replication.is_alive()
    follower.replication._disconnect()
    follower.journal.close()


def came(follower: Follower, *ids: str) -> Callable[[], bool]:
    return lambda: follower.order == list(ids)


def test_changes_come_in_the_order_of_the_peers_journal(peer: Peer, follower: Follower) -> None:
    for number, name in enumerate("edcba", start=1):
        peer.write(name, number)
    eventually(came(follower, *"edcba"))
    eventually(lambda: follower.journal.durable == 5)
    assert (follower.state()["connected"], follower.state()["position"]) == (True, 5)
    assert [change.key.partition for c in follower.journal.commits() for change in c.changes] == [*"edcba"]


def test_it_goes_on_where_it_was_after_the_peer_was_away(peer: Peer, follower: Follower) -> None:
    peer.write("before", 1)
    eventually(came(follower, "before"))
    peer.server.stop()
    eventually(lambda: "ConnectionRefusedError" in follower.state()["error"])
    assert not follower.state()["connected"]
    assert follower.state()["position"] == 1

    peer.asked_after.clear()
    peer.write("after", 2)
    peer.start()
    eventually(came(follower, "before", "after"))
    assert peer.asked_after[0] == 1
    eventually(lambda: follower.state()["connected"])


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Answer(500, b"{}"), "ValueError: eu-central-1 answered 500"),
        (Answer(200, b"<html>"), "JSONDecodeError"),
        (Answer(200, b"\xff"), "UnicodeDecodeError"),
        (Answer(200, b"[]"), "ValueError: not a batch"),
        (Answer(200, b"{}"), "ValueError: not a batch"),
        (Answer(200, b'{"journal":"j","read":1,"changes":[[1,["no change"]]]}'), "ValueError: not a change"),
        (Answer(200, b'{"journal":"j","read":1,"changes":[1]}'), "ValueError: not a batch"),
    ],
)
def test_a_peer_that_talks_nonsense_is_reported_and_asked_again(
    peer: Peer, follower: Follower, broken: Answer, error: str
) -> None:
    peer.broken = broken
    eventually(lambda: error in follower.state()["error"])
    assert (follower.state()["connected"], follower.items) == (False, {})

    peer.write("ada", 1)
    peer.broken = None
    eventually(came(follower, "ada"))
    eventually(lambda: follower.state()["error"] == "")


def test_a_journal_that_cannot_be_written_loses_nothing(
    peer: Peer, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(follower.journal, "append", full_disk)
        peer.write("ada", 1)
        eventually(lambda: "No space left" in follower.state()["error"])
        assert (follower.items, follower.state()["position"]) == ({}, 0)
    eventually(came(follower, "ada"))


def test_a_peer_that_lost_its_disk_is_followed_from_the_beginning(peer: Peer, follower: Follower) -> None:
    peer.write("ada", 1)
    eventually(came(follower, "ada"))
    peer.changes = []
    peer.journal = "new-journal"
    peer.write("bob", 2)
    eventually(came(follower, "ada", "bob"))
    eventually(lambda: follower.state()["position"] == 1)


def test_a_pause_holds_changes_and_says_how_old_they_are(peer: Peer, follower: Follower) -> None:
    follower.replication.set(paused=True)
    peer.write("held", 1)
    eventually(lambda: follower.state()["behind_ms"] > 0)
    assert (follower.state()["paused"], follower.items) == (True, {})
    follower.replication.set(paused=False)
    eventually(came(follower, "held"))
    eventually(lambda: follower.state()["behind_ms"] == 0)


def test_a_lag_holds_each_change_until_it_is_old_enough(
    peer: Peer, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [5_000_000]
    monkeypatch.setattr(replications, "_now", lambda: now[0])
    follower.replication.set(lag_ms=1_000)
    peer.write("old", 4_000_000)
    peer.write("young", 4_000_001)
    eventually(came(follower, "old"))
    assert follower.state()["lag_setting_ms"] == 1_000
    assert follower.state()["median_lag_ms"] == 1_000
    eventually(lambda: follower.state()["behind_ms"] == pytest.approx(1_000, abs=0.1))

    now[0] += 1_000
    follower.replication.set(lag_ms=1_000)
    eventually(came(follower, "old", "young"))


@pytest.mark.parametrize("held", [{"paused": True}, {"lag_ms": 60_000}], ids=str)
def test_what_is_held_is_gone_with_a_peer_that_loses_its_disk(
    peer: Peer, follower: Follower, held: dict[str, int]
) -> None:
    follower.replication.set(**held)  # type: ignore[arg-type]
    peer.write("lost", replications._now())
    eventually(lambda: follower.state()["behind_ms"] > 0)
    peer.changes = []
    peer.journal = "new-journal"
    follower.replication.set(paused=False, lag_ms=0)
    peer.write("bob", replications._now() + 1)
    eventually(came(follower, "bob"))
    assert "lost" not in str(follower.items)


def test_settings_that_are_not_given_stay(follower: Follower) -> None:
    follower.replication.set(lag_ms=5)
    follower.replication.set(paused=True)
    follower.replication.set()
    state = follower.state()
    assert (state["paused"], state["lag_setting_ms"]) == (True, 5)


def test_before_the_first_answer_it_is_not_connected(tmp_path: Path) -> None:
    follower = Follower(tmp_path, free_ports(1), asyncio.new_event_loop())
    state = follower.state()
    assert (state["connected"], state["error"]) == (False, "not yet connected")
    assert (state["median_lag_ms"], state["behind_ms"], state["position"]) == (None, 0.0, 0)
    follower.replication._loop.close()
    follower.journal.close()


def test_a_batch_comes_back_from_json_as_it_was() -> None:
    change = Change(row("ada"), None, Stamp(1, "eu-west-1"), "origin")
    batch = Batch("journal", [(7, change)], 9)
    assert batch_from_json(json.loads(json.dumps(batch_to_json(batch)))) == batch
