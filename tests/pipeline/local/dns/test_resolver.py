"""A resolver keeps what it was told for as long as it was told, and does without when nobody tells it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from pipeline.local.dns import wire
from pipeline.local.dns.records import Answer
from pipeline.local.dns.resolver import RECHECK_S, NoAnswerError, Resolver
from tests.ports import free_ports

NAME = "users.local.example."


class Dns(asyncio.DatagramProtocol):
    """A DNS server that answers every name alike, and a resolver that asks it at times that a test sets."""

    def __init__(self) -> None:
        self.answer: Answer | None = Answer(exists=True, values=("127.83.0.1",), ttl_s=6)
        self.lost = 0
        self.asked = 0
        self.now = 100.0
        self.speaks = asyncio.Event()
        self.speaks.set()
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport
        port = transport.get_extra_info("sockname")[1]
        self.resolver = Resolver(port, wait_s=20, clock=lambda: self.now)
        self.hasty = Resolver(port, wait_s=0.1, clock=lambda: self.now)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self.asked += 1
        if self.lost:
            self.lost -= 1
            return
        task = asyncio.ensure_future(self._reply(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        await self.speaks.wait()
        reply = wire.answer(data, lambda _: self.answer, 1)
        assert reply is not None
        self.transport.sendto(b"noise", addr)
        self.transport.sendto(reply, addr)

    def move_to(self, address: str) -> None:
        self.answer = Answer(exists=True, values=(address,), ttl_s=6)

    async def address(self) -> str:
        return await self.resolver.address(NAME)


@asynccontextmanager
async def serving() -> AsyncIterator[Dns]:
    loop = asyncio.get_running_loop()
    transport, dns = await loop.create_datagram_endpoint(Dns, local_addr=("127.0.0.1", 0))
    yield dns
    transport.close()


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


def test_an_answer_is_kept_for_its_ttl_and_not_longer() -> None:
    async def check() -> None:
        async with serving() as dns:
            assert await dns.address() == "127.83.0.1"
            dns.move_to("127.83.0.2")
            dns.now = math.nextafter(106.0, 0)
            assert (await dns.address(), dns.asked) == ("127.83.0.1", 1)
            dns.now = 106.0
            assert (await dns.address(), dns.asked) == ("127.83.0.2", 2)

    run(check())


def test_an_answer_without_a_ttl_is_not_kept() -> None:
    async def check() -> None:
        async with serving() as dns:
            dns.answer = Answer(exists=True, values=("127.83.0.1",), ttl_s=0)
            await dns.address()
            await dns.address()
            assert dns.asked == 2

    run(check())


def test_who_waits_for_the_same_name_waits_for_one_question() -> None:
    async def check() -> None:
        async with serving() as dns:
            addresses = await asyncio.gather(*(dns.address() for _ in range(20)))
            assert (set(addresses), dns.asked) == ({"127.83.0.1"}, 1)

    run(check())


def test_one_who_leaves_takes_the_answer_from_nobody() -> None:
    async def check() -> None:
        async with serving() as dns:
            dns.speaks.clear()
            first, second = asyncio.create_task(dns.address()), asyncio.create_task(dns.address())
            while not dns.asked:
                await asyncio.sleep(0)
            first.cancel()
            dns.speaks.set()
            assert await second == "127.83.0.1"
            assert first.cancelled()
            assert dns.asked == 1

    run(check())


def test_a_lost_packet_is_sent_again() -> None:
    async def check() -> None:
        async with serving() as dns:
            dns.lost = 1
            assert await dns.hasty.address(NAME) == "127.83.0.1"
            assert dns.asked == 2

    run(check())


def test_the_last_answer_serves_while_nobody_answers_and_dns_is_asked_again_after_a_while() -> None:
    async def check() -> None:
        async with serving() as dns:
            await dns.hasty.address(NAME)
            dns.move_to("127.83.0.2")
            dns.now, dns.lost = 200.0, 2
            assert await dns.hasty.address(NAME) == "127.83.0.1"
            asked = dns.asked
            dns.now = 200.0 + RECHECK_S / 2
            assert (await dns.hasty.address(NAME), dns.asked) == ("127.83.0.1", asked)
            dns.now = 200.0 + RECHECK_S
            assert await dns.hasty.address(NAME) == "127.83.0.2"

    run(check())


def test_the_last_answer_serves_when_the_server_refuses() -> None:
    async def check() -> None:
        async with serving() as dns:
            await dns.address()
            dns.now, dns.answer = 200.0, None
            assert await dns.address() == "127.83.0.1"

    run(check())


@pytest.mark.parametrize("answer", [Answer(exists=False), Answer(exists=True)])
def test_an_answer_that_there_is_no_address_is_believed(answer: Answer) -> None:
    async def check() -> None:
        async with serving() as dns:
            await dns.address()
            dns.now, dns.answer = 200.0, answer
            for _ in range(2):
                with pytest.raises(NoAnswerError, match=r"users\.local\.example\. has no address"):
                    await dns.address()
            assert dns.asked == 3
            dns.answer = None
            with pytest.raises(NoAnswerError, match="DNS does not answer"):
                await dns.address()

    run(check())


def test_without_an_answer_ever_there_is_none_and_a_later_one_counts() -> None:
    async def check() -> None:
        async with serving() as dns:
            dns.lost = 2
            with pytest.raises(NoAnswerError, match=r"DNS does not answer for users\.local\.example\."):
                await dns.hasty.address(NAME)
            assert await dns.hasty.address(NAME) == "127.83.0.1"

    run(check())


def test_nobody_there_is_known_at_once() -> None:
    async def check() -> None:
        with pytest.raises(NoAnswerError):
            await Resolver(free_ports(1), wait_s=3600).address(NAME)

    run(check())
