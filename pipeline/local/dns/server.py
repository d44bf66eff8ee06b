"""The process that is Route 53's data plane here: DNS over UDP, and its state over HTTP, on one port number.

DNS over TCP is not served: no answer here is too long for a datagram.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from pipeline.local.dns import wire
from pipeline.local.dns.data_plane import DataPlane
from pipeline.local.dns.prober import Prober
from pipeline.local.layout import HOST

RELOAD_S = 0.2
HEALTH_PATH = "/_local/health"


class Questions(asyncio.DatagramProtocol):
    """Answers each datagram that is a question, and no other."""

    def __init__(self, plane: DataPlane, time_scale: float) -> None:
        self._plane = plane
        self._time_scale = time_scale
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep what answers are sent through."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Answer one datagram."""
        answer = wire.answer(data, self._plane.lookup, self._time_scale)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)


async def serve(plane: DataPlane, port: int, time_scale: float) -> None:
    """Probe, and answer on a port of loopback, until it is cancelled.

    `time_scale` divides every interval and TTL alike; what a checker waits for an answer it does not divide.

    Raises:
        OSError: the port is taken, by UDP or by TCP.
        ExceptionGroup: a part failed in a way that nobody foresaw, and the whole with it.
    """
    plane.reload()
    async with _answering(plane, port, time_scale), asyncio.TaskGroup() as group:
        prober = Prober(plane, group, time_scale)
        prober.follow()
        while True:
            await asyncio.sleep(RELOAD_S)
            if plane.reload():
                prober.follow()


@asynccontextmanager
async def _answering(plane: DataPlane, port: int, time_scale: float) -> AsyncIterator[None]:
    async def tell(request: web.BaseRequest) -> web.StreamResponse:
        if (request.method, request.path) != ("GET", HEALTH_PATH):
            return web.json_response({"error": f"only GET {HEALTH_PATH} is here"}, status=404)
        return web.json_response({"time_scale": time_scale, **plane.describe()})

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Questions(plane, time_scale), local_addr=(HOST, port)
    )
    runner = web.ServerRunner(web.Server(tell, access_log=None))
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield
    finally:
        transport.close()
        await runner.cleanup()
