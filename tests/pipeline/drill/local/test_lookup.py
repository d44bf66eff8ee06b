"""Clients are led to a Region by DNS, each with a memory of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.drill.attempt import ClientKind
from pipeline.drill.local import probes as module
from pipeline.drill.local.probes import LocalProbes
from pipeline.drill.way import NowhereError
from pipeline.local.layout import RegionPlace
from tests.pipeline.drill.local.dns_events import NAME
from tests.pipeline.drill.local.machine import Machine
from tests.pipeline.local.dns.serving import Dns


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    yield found
    found.stop()


@pytest.fixture
def dns() -> Iterator[Dns]:
    found = Dns()
    yield found
    found.kill()


def led(probes: LocalProbes, kind: ClientKind) -> str:
    async def look_up() -> str:
        return await (await probes.lookup(kind))()

    return asyncio.run(look_up())


def test_clients_are_led_to_a_regions_own_port(machine: Machine, dns: Dns) -> None:
    dns.lead_to("127.83.0.1")
    assert led(machine.probes(dns.port), ClientKind.OBEYS_TTL) == machine.layout.primary.api_url
    dns.lead_to("127.83.0.2")
    assert led(machine.probes(dns.port), ClientKind.OBEYS_TTL) == machine.layout.secondary.api_url


@pytest.mark.parametrize("addresses", [(), ("127.83.0.9",)])
def test_clients_are_led_nowhere_by_no_address_or_a_strange_one(
    machine: Machine, dns: Dns, addresses: tuple[str, ...]
) -> None:
    dns.lead_to(*addresses)
    with pytest.raises(NowhereError, match=NAME):
        led(machine.probes(dns.port), ClientKind.OBEYS_TTL)


def test_each_client_has_a_memory_of_its_own(machine: Machine, dns: Dns) -> None:
    async def look_up() -> None:
        probes = machine.probes(dns.port)
        dns.lead_to("127.83.0.1", ttl_s=60)
        lookups = [await probes.lookup(ClientKind.OBEYS_TTL) for _ in range(2)]
        first = await lookups[0]()
        dns.lead_to("127.83.0.2", ttl_s=60)
        assert [first, await lookups[0](), await lookups[1]()] == [
            machine.layout.primary.api_url,
            machine.layout.primary.api_url,
            machine.layout.secondary.api_url,
        ]

    asyncio.run(look_up())


@pytest.mark.parametrize(
    ("kind", "after_s", "place"),
    [
        (ClientKind.OBEYS_TTL, 59, "primary"),
        (ClientKind.OBEYS_TTL, 61, "secondary"),
        (ClientKind.CACHES_DNS, 74, "primary"),
        (ClientKind.CACHES_DNS, 76, "secondary"),
    ],
)
def test_one_that_caches_dns_keeps_an_answer_a_quarter_too_long(
    machine: Machine,
    dns: Dns,
    monkeypatch: pytest.MonkeyPatch,
    kind: ClientKind,
    after_s: float,
    place: str,
) -> None:
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)

    async def look_up() -> str:
        nonlocal now
        lookup = await machine.probes(dns.port).lookup(kind)
        dns.lead_to("127.83.0.1", ttl_s=60)
        await lookup()
        dns.lead_to("127.83.0.2", ttl_s=60)
        now += after_s
        return await lookup()

    found: RegionPlace = getattr(machine.layout, place)
    assert asyncio.run(look_up()) == found.api_url
