"""A front door that is open, and a Region's stage behind it."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.local import front_door
from tests.pipeline.local import servers
from tests.pipeline.local.servers import Asked, Headers, Server
from tests.ports import free_ports


class Upstream:
    """A Region's stage that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.status = 200
        self.headers: Headers = []
        self.body = b"{}"
        self.speaks = threading.Event()
        self.speaks.set()
        self.server = Server(self._answer)
        self.url = f"http://127.0.0.1:{self.server.port}/restapis/api/local/_user_request_"

    def _answer(self, asked: Asked) -> servers.Answer:
        self.asked.append(asked)
        self.speaks.wait()
        return servers.Answer(self.status, self.body, self.headers)

    def stop(self) -> None:
        self.speaks.set()
        self.server.stop()


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def problem(self) -> str:
        assert self.header("Content-Type") == ["application/problem+json"]
        assert self.header("Retry-After") == ["1"]
        problem = json.loads(self.body)
        assert (problem["type"], problem["status"]) == ("about:blank", self.status)
        return str(problem["detail"])


class Door:
    """The front door on two ports, and what a client gets from it."""

    def __init__(self, routes: Path) -> None:
        self.routes = routes
        self.port = free_ports(2)

    def route(self, routes: dict[int, str | dict[str, Any]]) -> None:
        new = self.routes.with_suffix(".new")
        new.write_text(json.dumps({str(port): url for port, url in routes.items()}))
        new.replace(self.routes)

    def ask(
        self,
        method: str = "GET",
        target: str = "/users",
        *,
        headers: Headers | None = None,
        body: bytes | None = None,
        port: int | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers or []:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return Answer(answer.status, answer.getheaders(), content)


def opened(folder: Path, upstream: Upstream) -> Iterator[Door]:
    """Give one front door, whose first of two ports leads to the upstream, and close it after that."""
    door = Door(folder / "routes.json")
    door.route({door.port: upstream.url})
    loop = asyncio.new_event_loop()
    ready, end = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with front_door.listening(door.routes, [door.port, door.port + 1]):
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(20)
    yield door
    loop.call_soon_threadsafe(end.set)
    thread.join()
    loop.close()
