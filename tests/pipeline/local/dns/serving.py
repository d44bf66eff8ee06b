"""Coroutines that serve, run in a thread of their own for as long as a test asks of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import dns.message
import dns.query

from pipeline.local.dns import wire
from pipeline.local.dns.records import Answer
from tests.pipeline.local import servers
from tests.pipeline.local.servers import Asked, Server
from tests.ports import free_ports


@contextmanager
def running(serve: Callable[[], Coroutine[Any, Any, None]]) -> Iterator[None]:
    """Run the coroutine until the block ends, then cancel it; what it raises is raised."""
    loop = asyncio.new_event_loop()
    failed: list[BaseException] = []

    async def until_cancelled() -> None:
        with suppress(asyncio.CancelledError):
            await serve()

    task = loop.create_task(until_cancelled())

    def work() -> None:
        try:
            loop.run_until_complete(task)
            loop.run_until_complete(loop.shutdown_default_executor())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()
    if failed:
        raise failed[0]


def resolved(port: int, name: str, within_s: float = 5) -> list[tuple[str, int]]:
    """Return the addresses of a name with their TTLs, as an independent resolver reads them."""
    answer = dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", timeout=within_s, port=port)
    return [(record.to_text(), rrset.ttl) for rrset in answer.answer for record in rrset]


class Dns:
    """A DNS server that answers every name alike, and can be killed."""

    def __init__(self) -> None:
        self.port = free_ports(1)
        self.answer: Answer | None = None
        self.asked = 0
        self._ready = threading.Event()
        self._running = ExitStack()
        self._running.enter_context(running(self._serve))
        assert self._ready.wait(20)

    def lead_to(self, *addresses: str, ttl_s: int = 0) -> None:
        """Answer these addresses from now on."""
        self.answer = Answer(exists=True, values=addresses, ttl_s=ttl_s)

    def kill(self) -> None:
        """Listen no more."""
        self._running.close()

    async def _serve(self) -> None:
        def reply(packet: bytes) -> bytes | None:
            self.asked += 1
            return wire.answer(packet, lambda _: self.answer, 1)

        class Replies(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
                self.transport = transport

            def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
                self.transport.sendto(reply(data) or b"", addr)

        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Replies, local_addr=("127.0.0.1", self.port))
        self._ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            transport.close()


class Api:
    """A Region's API that answers with a status, and can be killed."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[Asked] = []
        self._server = Server(self._answer)
        self.url = f"http://127.0.0.1:{self._server.port}/restapis/x/local/_user_request_"
        self._runs = True

    def _answer(self, asked: Asked) -> servers.Answer:
        self.asked.append(asked)
        return servers.Answer(self.status, b"{}", [("Location", "/elsewhere")])

    def kill(self) -> None:
        """Listen no more."""
        if self._runs:
            self._runs = False
            self._server.stop()
