"""The way in for clients: one address for the API, and one for each Region's own API, on loopback."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from yarl import URL

from pipeline.local.dns.resolver import NoAnswerError, Resolver
from pipeline.local.forwarding import NOT_ADDED, end_to_end
from pipeline.local.layout import HOST

# What a client waits for an API Gateway at the most.
TIMEOUT = ClientTimeout(total=29, connect=4)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
LARGEST_BODY = 10 * 1024**2


class BodyTooLargeError(Exception):
    """The request's body is larger than API Gateway takes."""


@dataclass(frozen=True, kw_only=True)
class ThroughDns:
    """A route to wherever a name leads now: the stage's URL for each address that DNS can answer."""

    name: str
    dns_port: int
    addresses: Mapping[str, str]


class FrontDoor:
    """Forwards each request on one port to one Region's stage, and says so clearly when that is not there.

    The routes are read again whenever their file changes: {"<port>": "<URL of the stage>"}, or where DNS
    decides, {"<port>": {"name": "<name>", "dns_port": 8085, "addresses": {"<address>": "<URL>"}}}.
    """

    def __init__(self, routes: Path, session: ClientSession) -> None:
        self._routes = routes
        self._session = session
        self._read_at = 0
        self._targets: dict[str, str | ThroughDns] = {}
        self._resolvers: dict[int, Resolver] = {}

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request with what the Region answers, or with a 503 or 504 problem."""
        headers = end_to_end(request.headers)
        headers.popall("Host", None)
        headers["X-Forwarded-For"] = request.remote or HOST
        try:
            target = await self._target(request)
            if target is None:
                return _problem(503, "Service Unavailable", "Nothing is deployed behind this address yet")
            body = await _body(request)
            async with self._session.request(
                request.method,
                URL(target + request.raw_path, encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
            ) as answer:
                kept, content = end_to_end(answer.headers), await answer.read()
                return web.Response(status=answer.status, headers=kept, body=content)
        except NoAnswerError as error:
            return _problem(503, "Service Unavailable", str(error))
        except BodyTooLargeError:
            return _problem(413, "Content Too Large", f"The body is larger than {LARGEST_BODY} bytes")
        except TimeoutError:
            return _problem(504, "Gateway Timeout", "The Region did not answer in time")
        except ClientError:
            return _problem(503, "Service Unavailable", "The Region cannot be reached")

    async def _target(self, request: web.BaseRequest) -> str | None:
        route = self._route(request)
        if not isinstance(route, ThroughDns):
            return route
        resolver = self._resolvers.get(route.dns_port)
        if resolver is None:
            resolver = self._resolvers[route.dns_port] = Resolver(route.dns_port)
        address = await resolver.address(route.name)
        if address not in route.addresses:
            raise NoAnswerError(f"{route.name} leads to {address}, which is no Region")
        return route.addresses[address]

    def _route(self, request: web.BaseRequest) -> str | ThroughDns | None:
        try:
            changed_at = self._routes.stat().st_mtime_ns
        except FileNotFoundError:
            changed_at = 0
        if changed_at != self._read_at:
            content = self._routes.read_bytes() if changed_at else b"{}"
            self._targets = msgspec.json.decode(content, type=dict[str, str | ThroughDns])
            self._read_at = changed_at
        port = request.transport.get_extra_info("sockname")[1] if request.transport else None
        return self._targets.get(str(port))


async def _body(request: web.BaseRequest) -> bytes | None:
    """Return the whole body, None where there is none; raises BodyTooLargeError."""
    if not request.can_read_body:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BodyTooLargeError
    return bytes(body)


def _problem(status: int, title: str, detail: str) -> web.Response:
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, "error": detail}
    return web.Response(
        status=status,
        headers={"Retry-After": "1"},
        body=json.dumps(problem).encode(),
        content_type="application/problem+json",
    )


@asynccontextmanager
async def listening(routes: Path, ports: list[int]) -> AsyncIterator[None]:
    """Listen on each port for the length of the block."""
    connector = TCPConnector(limit=0, keepalive_timeout=30)
    async with ClientSession(
        connector=connector,
        timeout=TIMEOUT,
        auto_decompress=False,
        cookie_jar=DummyCookieJar(),
        skip_auto_headers=NOT_ADDED,
    ) as session:
        door = FrontDoor(routes, session)
        runner = web.ServerRunner(
            # A Region must not serve what nobody waits for any more.
            web.Server(door.serve, access_log=None, auto_decompress=False, handler_cancellation=True)
        )
        await runner.setup()
        for port in ports:
            await web.TCPSite(runner, HOST, port).start()
        try:
            yield
        finally:
            await runner.cleanup()


async def main(routes: Path, ports: list[int]) -> None:
    """Listen on each port until the process is ended."""
    async with listening(routes, ports):
        await asyncio.Event().wait()


if __name__ == "__main__":
    file = Path(sys.argv[1])
    asyncio.run(main(file, [int(port) for port in json.loads(file.read_text())]))
