"""The clients of a drill on AWS: they go to an address, in the name of the API."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.drill.aws.named import named
from pipeline.drill.client import Pace
from pipeline.drill.clock import Clock
from pipeline.drill.ledger import Ledger
from pipeline.drill.load import load
from tests.pipeline.drill.aws.tls import Secure, secure
from tests.pipeline.drill.staged import StagedProbes

NAME = "users.beta.example.com"


async def drill(folder: Path, monkeypatch: pytest.MonkeyPatch, *, at: StagedProbes) -> Secure:
    """Let clients work at a server that has a certificate for the name alone, until each has asked it."""
    ledger = Ledger(folder / "ledger.jsonl")
    async with secure(folder, NAME, region="eu-west-1") as server:
        monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", server.trusts)
        at.url = server.url
        async with load("a-drill", at, ledger, Clock(), Pace(between_s=0, retry_s=0, most=2)) as clients:
            tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("a-drill-")]
            assert len(tasks) == len(clients)
            await asyncio.wait(tasks, timeout=30)
    ledger.close()
    return server


def test_each_client_names_the_api_in_the_handshake_and_in_every_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes = StagedProbes()
    probes.middlewares = (named(NAME),)
    server = asyncio.run(drill(tmp_path, monkeypatch, at=probes))
    assert (set(server.names), set(server.hosts)) == ({NAME}, {NAME})


def test_without_that_no_connection_would_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = asyncio.run(drill(tmp_path, monkeypatch, at=StagedProbes()))
    assert server.hosts == []
