"""A client's resolver: asks for an address, and keeps it for as long as its TTL says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from pipeline.local.dns import wire
from pipeline.local.layout import HOST

ATTEMPTS = 2
# RFC 8767, section 5: after a failure an old answer serves for a while before the next attempt.
RECHECK_S = 1.0


class NoAnswerError(Exception):
    """The name leads nowhere: there is no such address, or DNS does not answer and never did."""


class Kept(NamedTuple):
    """An address, and until when it holds."""

    address: str
    until: float


class Resolver:
    """Resolves names at a DNS server on loopback.

    An address whose TTL is over serves on while the server does not answer (RFC 8767), but not when it
    answers that there is none. Clients that wait for the same name wait for one question.

    Args:
        port: where the server listens.
        wait_s: how long an answer is waited for; there are two attempts.
        clock: seconds that only go up.
    """

    def __init__(
        self, port: int, *, wait_s: float = 0.5, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._port = port
        self._wait_s = wait_s
        self._clock = clock
        self._kept: dict[str, Kept] = {}
        self._asking: dict[str, asyncio.Task[str]] = {}

    async def address(self, name: str) -> str:
        """Return the IPv4 address to which the name leads.

        Raises:
            NoAnswerError: there is none.
        """
        kept = self._kept.get(name)
        if kept is not None and self._clock() < kept.until:
            return kept.address
        task = self._asking.get(name)
        if task is None:
            task = self._asking[name] = asyncio.create_task(self._renew(name))
            task.add_done_callback(lambda _: self._asking.pop(name, None))
        # One client that leaves must not take the answer from the others.
        return await asyncio.shield(task)

    async def _renew(self, name: str) -> str:
        reply = await self._ask(wire.question(name))
        if reply is None or reply.failed:
            kept = self._kept.get(name)
            if kept is None:
                raise NoAnswerError(f"DNS does not answer for {name}")
            self._kept[name] = Kept(kept.address, self._clock() + RECHECK_S)
            return kept.address
        if not reply.addresses:
            self._kept.pop(name, None)
            raise NoAnswerError(f"{name} has no address")
        self._kept[name] = Kept(reply.addresses[0], self._clock() + reply.ttl_s)
        return reply.addresses[0]

    async def _ask(self, packet: bytes) -> wire.Reply | None:
        for _ in range(ATTEMPTS):
            try:
                async with asyncio.timeout(self._wait_s):
                    return await _exchange(packet, self._port)
            except OSError:  # nobody listens, or TimeoutError, which is one
                continue
        return None


class _Exchange(asyncio.DatagramProtocol):
    """Waits for the datagram that answers the one that was sent."""

    def __init__(self, packet: bytes) -> None:
        self.reply: asyncio.Future[wire.Reply] = asyncio.get_running_loop().create_future()
        self._packet = packet

    def datagram_received(self, data: bytes, _addr: tuple[str | Any, int]) -> None:
        reply = wire.read_reply(data, self._packet)
        if reply is not None and not self.reply.done():
            self.reply.set_result(reply)

    def error_received(self, exc: Exception) -> None:
        if not self.reply.done():
            self.reply.set_exception(exc)


async def _exchange(packet: bytes, port: int) -> wire.Reply:
    loop = asyncio.get_running_loop()
    transport, exchange = await loop.create_datagram_endpoint(
        lambda: _Exchange(packet), remote_addr=(HOST, port)
    )
    try:
        transport.sendto(packet)
        return await exchange.reply
    finally:
        transport.close()
