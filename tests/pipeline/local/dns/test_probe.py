"""A look at an endpoint judges as a Route 53 checker does, and always says what it saw."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from pipeline.local.dns import probe
from pipeline.local.dns.probe import Patience
from tests.pipeline.local.dns.serving import Api
from tests.ports import free_ports

LONG, SHORT = Patience(connect_s=20, answer_s=20), Patience(connect_s=20, answer_s=0.02)


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()
    yield api
    api.kill()


def look(url: str, patience: Patience = LONG) -> tuple[bool, str]:
    return asyncio.run(probe.look(url, patience))


@pytest.mark.parametrize(
    ("status", "well"),
    [
        (200, True),
        (204, True),
        (299, True),
        (301, True),
        (399, True),
        (400, False),
        (404, False),
        (500, False),
        (503, False),
    ],
)
def test_a_status_of_2xx_or_3xx_is_well(api: Api, status: int, well: bool) -> None:
    api.status = status
    assert look(f"{api.url}/health") == (well, f"HTTP {status}")


def test_one_request_is_made_and_no_redirect_followed(api: Api) -> None:
    api.status = 302
    look(f"{api.url}/health")
    (asked,) = api.asked
    assert (asked.method, asked.target) == ("GET", "/restapis/x/local/_user_request_/health")
    assert api.url.startswith(f"http://{asked.header('Host')[0]}/")
    assert asked.header("User-Agent") == ["Amazon-Route53-Health-Check-Service"]
    assert asked.header("Connection") == ["close"]


class Peer:
    """A listener that takes connections and says what it is told to, or nothing."""

    def __init__(self, *, says: bytes | None) -> None:
        self._says = says

    async def look(self, patience: Patience) -> tuple[bool, str]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            try:
                if self._says is None:
                    await asyncio.Event().wait()
                else:
                    writer.write(self._says)
            finally:
                writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        found = await probe.look(f"http://127.0.0.1:{port}/", patience)
        server.close()
        return found


def test_an_endpoint_that_hangs_is_not_well() -> None:
    assert asyncio.run(Peer(says=None).look(SHORT)) == (False, "no answer within 0.02 s")


def test_a_frozen_process_takes_connections_and_is_not_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        assert look(f"http://127.0.0.1:{frozen.getsockname()[1]}/", SHORT) == (
            False,
            "no answer within 0.02 s",
        )


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (b"", "closed without an answer"),
        (b"HTTP/1.1 20\r\n", "the answer is not HTTP"),
        (b"SSH-2.0-OpenSSH\r\n", "the answer is not HTTP"),
        (b"x" * 100_000, "no answer: "),
    ],
)
def test_what_is_not_http_is_not_well(says: bytes, reason: str) -> None:
    well, seen = asyncio.run(Peer(says=says).look(LONG))
    assert not well
    assert seen.startswith(reason)


def test_nobody_there_is_not_well() -> None:
    well, seen = look(f"http://127.0.0.1:{free_ports(1)}/")
    assert not well
    assert seen.startswith("no connection: ")


def test_a_connection_that_does_not_come_about_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio, "open_connection", never)
    found = look("http://127.0.0.1:1/", Patience(connect_s=0.01, answer_s=20))
    assert found == (False, "no connection within 0.01 s")


def test_a_checker_waits_as_long_as_on_aws() -> None:
    assert Patience() == Patience(connect_s=4, answer_s=2)
