"""How clients remember what DNS answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.resolver
import pytest
from dns.exception import DNSException

from pipeline.drill.attempt import ClientKind
from pipeline.drill.aws.dns import Resolved, remembering, resolve
from pipeline.drill.way import Lookup, NowhereError, Way

NAME = "users.example.com"


class Zone:
    """Answers with an address that a test sets, and counts how often it was asked."""

    def __init__(self) -> None:
        self.addresses: Sequence[str] = ["192.0.2.1"]
        self.asked = 0
        self.now = 0.0

    async def resolve(self, name: str) -> Resolved:
        assert name == NAME
        self.asked += 1
        return Resolved(addresses=self.addresses, ttl_s=60)


@pytest.mark.parametrize(
    ("kind", "keeps"),
    [(ClientKind.OBEYS_TTL, 60), (ClientKind.KEEPS_CONNECTIONS, 60), (ClientKind.CACHES_DNS, 75)],
)
def test_an_answer_is_kept_for_its_ttl_or_for_too_long(kind: ClientKind, keeps: float) -> None:
    zone, noted = Zone(), list[str]()

    async def follow() -> list[str]:
        look = remembering(kind, NAME, zone.resolve, note=noted.append, clock=lambda: zone.now)
        found = [await look()]
        zone.addresses = ["198.51.100.1"]
        zone.now = keeps - 1
        found.append(await look())
        zone.now = keeps
        return [*found, await look()]

    assert asyncio.run(follow()) == ["https://192.0.2.1", "https://192.0.2.1", "https://198.51.100.1"]
    assert noted == ["192.0.2.1", "198.51.100.1"]
    assert zone.asked == 2


def test_a_name_without_an_address_leads_nowhere() -> None:
    zone = Zone()
    zone.addresses = []
    look = remembering(ClientKind.OBEYS_TTL, NAME, zone.resolve, note=lambda _: None)
    with pytest.raises(NowhereError, match="has no address"):
        asyncio.run(first(look))


async def first(look: Lookup) -> str:
    return await look()


def test_a_client_that_keeps_its_connection_asks_again_only_when_that_failed() -> None:
    zone = Zone()

    async def follow() -> list[str]:
        kind = ClientKind.KEEPS_CONNECTIONS
        way = Way(kind, remembering(kind, NAME, zone.resolve, note=lambda _: None, clock=lambda: zone.now))
        found = [await way.url()]
        zone.addresses, zone.now = ["198.51.100.1"], 600.0
        found.append(await way.url())
        way.give_up()
        return [*found, await way.url()]

    assert asyncio.run(follow()) == ["https://192.0.2.1", "https://192.0.2.1", "https://198.51.100.1"]


@pytest.mark.parametrize(
    "kind", [dns.resolver.NXDOMAIN, dns.resolver.NoNameservers, dns.exception.SyntaxError]
)
def test_what_a_resolver_cannot_tell_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, kind: type[DNSException]
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise kind

    monkeypatch.setattr(dns.asyncresolver, "resolve", refuse)
    with pytest.raises(NowhereError, match=NAME):
        asyncio.run(resolve(NAME))
