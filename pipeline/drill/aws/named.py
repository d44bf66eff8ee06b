"""Requests to an address in the name of a host: what a client sends that has asked DNS by itself."""

from __future__ import annotations

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from aiohttp.client_middlewares import ClientMiddlewareType


def named(host: str) -> ClientMiddlewareType:
    """Return a middleware of a session whose URLs have addresses (`https://203.0.113.7/users`) for a host.

    The host is in the Host header and in the handshake (SNI), and the certificate is checked for it. Since
    an address is part of what a connection is kept by, another answer of DNS means another connection.
    """

    async def ask(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.server_hostname = host
        request.headers["Host"] = host
        return await handler(request)

    return ask
