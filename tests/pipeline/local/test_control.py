"""What this program asks of a running Region, and what it makes of the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pipeline.local import control
from pipeline.local.errors import LocalError
from pipeline.local.layout import RegionPlace
from tests.pipeline.local.servers import Answer, Asked, Server
from tests.ports import free_ports


class Region:
    """A Region that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []
        self.answer = Answer(200, b'{"region": "eu-west-1"}')
        self.server = Server(self._answer)
        self.place = place(self.server.port)

    def _answer(self, asked: Asked) -> Answer:
        self.asked.append((asked.method, asked.target, json.loads(asked.body or b"null")))
        return self.answer


def place(port: int) -> RegionPlace:
    return RegionPlace(role="primary", name="eu-west-1", aws_port=port, api_port=port)


@pytest.fixture
def region() -> Iterator[Region]:
    region = Region()
    yield region
    region.server.stop()


def test_a_region_that_answers_has_a_status(region: Region) -> None:
    assert control.status(region.place) == {"region": "eu-west-1"}
    assert region.asked == [("GET", "/_local/status", None)]


@pytest.mark.parametrize(("status", "body"), [(500, b"{}"), (404, b"{}"), (200, b"<html>"), (200, b"7")])
def test_an_answer_that_is_no_status_is_none(region: Region, status: int, body: bytes) -> None:
    region.answer = Answer(status, body)
    assert control.status(region.place) is None


def test_a_region_that_is_not_there_has_no_status() -> None:
    assert control.status(place(free_ports(1))) is None


def test_replication_is_set_with_what_was_given(region: Region) -> None:
    control.set_replication(region.place, lag_ms=250)
    assert region.asked == [("POST", "/_local/replication", {"paused": None, "lag_ms": 250})]


def test_a_checkpoint_is_asked_for(region: Region) -> None:
    control.checkpoint(region.place)
    assert [asked[:2] for asked in region.asked] == [("POST", "/_local/checkpoint")]


def test_a_refusal_is_one_sentence(region: Region) -> None:
    region.answer = Answer(400, b"{}")
    with pytest.raises(LocalError, match=r"The primary Region did not answer to replication: .*400"):
        control.set_replication(region.place, paused=True)


def test_a_checkpoint_of_a_region_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(LocalError, match="The primary Region did not answer to checkpoint"):
        control.checkpoint(place(free_ports(1)))


def test_a_proxy_that_is_set_for_the_internet_is_not_asked(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_ports(1)}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert control.status(region.place) is not None
    control.checkpoint(region.place)
