"""What a Region asks its peer is answered, refused or not answered, and each is told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pipeline.local.emulator.peer import Peer, PeerRefusedError
from tests.pipeline.local.servers import Answer, Asked, Server
from tests.ports import free_ports

TABLES = {"tables": ["000000000000/users"]}
STATUS = {"replication": [{"peer": "eu-west-1", "position": 7}]}


class Region:
    """A peer that answers what it was given."""

    def __init__(self) -> None:
        self.answers = {"/_local/tables": TABLES, "/_local/status": STATUS}
        self.asked: list[str] = []
        self.refusal: Answer | None = None

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked.target)
        return self.refusal or Answer(200, json.dumps(self.answers.get(asked.target, {})).encode())


@pytest.fixture
def region() -> Region:
    return Region()


@pytest.fixture
def peer(region: Region) -> Iterator[Peer]:
    port = free_ports(1)
    server = Server(region.answer, port)
    yield Peer(port)
    server.stop()


def test_a_peer_has_or_lacks_a_table(peer: Peer) -> None:
    assert (peer.has("000000000000/users"), peer.lacks("000000000000/users")) == (True, False)
    assert (peer.has("000000000000/other"), peer.lacks("000000000000/other")) == (False, True)


def test_a_peer_has_read_up_to_its_position_of_that_region(peer: Peer) -> None:
    assert [peer.has_read("eu-west-1", sequence) for sequence in (6, 7, 8)] == [True, True, False]
    assert not peer.has_read("eu-central-1", 1)


def test_a_peer_that_cannot_be_asked_neither_has_nor_lacks_nor_has_read(peer: Peer, region: Region) -> None:
    region.refusal = Answer(500, b"{}")
    gone = Peer(free_ports(1))
    for asked in (peer, gone):
        assert not asked.has("000000000000/users")
        assert not asked.lacks("000000000000/users")
        assert not asked.has_read("eu-west-1", 0)


def test_content_is_sent_with_what_it_is(peer: Peer, region: Region) -> None:
    peer.send("recovery-points", {"account": "000000000000"}, b"rows")
    assert region.asked == ["/_local/recovery-points?account=000000000000"]


def test_a_refusal_and_a_silence_are_told_apart(peer: Peer, region: Region) -> None:
    region.refusal = Answer(400, b'{"error": "no such vault"}')
    with pytest.raises(PeerRefusedError, match="no such vault"):
        peer.send("recovery-points", {}, b"rows")
    region.refusal = Answer(400, b"<html>")
    with pytest.raises(OSError, match="does not answer"):
        peer.send("recovery-points", {}, b"rows")
    with pytest.raises(OSError, match="refused"):
        Peer(free_ports(1)).send("recovery-points", {}, b"rows")
