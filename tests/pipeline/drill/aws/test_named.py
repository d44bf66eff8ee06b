"""A request to an address in the name of a host."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientConnectorCertificateError, ClientSession, TCPConnector

from pipeline.drill.aws.named import named
from tests.pipeline.drill.aws.tls import Secure, secure

NAME = "users.beta.example.com"


async def ask(server: Secure, host: str, times: int = 1) -> list[str | None]:
    connector = TCPConnector(limit=1, ssl=server.trusts)
    async with ClientSession(connector=connector, middlewares=(named(host),)) as session:
        found = []
        for _ in range(times):
            async with session.get(f"{server.url}/health") as answer:
                found.append(answer.headers.get("X-Region"))
        return found


def test_the_host_is_in_the_handshake_and_in_the_header_and_its_certificate_is_taken(tmp_path: Path) -> None:
    async def run() -> Secure:
        async with secure(tmp_path, NAME, region="eu-west-1") as server:
            assert await ask(server, NAME) == ["eu-west-1"]
            return server

    server = asyncio.run(run())
    assert (server.names, server.hosts) == ([NAME], [NAME])


def test_a_connection_is_kept_as_long_as_the_address_is_the_same(tmp_path: Path) -> None:
    async def run() -> Secure:
        async with secure(tmp_path, NAME, region="eu-west-1") as server:
            assert await ask(server, NAME, times=3) == ["eu-west-1"] * 3
            return server

    server = asyncio.run(run())
    assert (len(server.names), len(server.hosts)) == (1, 3)


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    async def run() -> None:
        async with secure(tmp_path, "users.example.org", region="eu-west-1") as server:
            await ask(server, NAME)

    with pytest.raises(ClientConnectorCertificateError):
        asyncio.run(run())
