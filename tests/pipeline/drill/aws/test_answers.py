"""Whose address an answer is, and when DNS began to lead elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from pipeline.drill.aws.answers import Answers
from pipeline.drill.aws.dns import Resolved
from pipeline.drill.clock import Clock
from pipeline.drill.step import Role
from pipeline.drill.timeline import AnswerChanged
from pipeline.drill.way import NowhereError

NAMES = {Role.PRIMARY: "eu-west-1.users.example.com", Role.SECONDARY: "eu-central-1.users.example.com"}
REGIONS = {Role.PRIMARY: "eu-west-1", Role.SECONDARY: "eu-central-1"}


class Ticking(Clock):
    """A clock that a test sets."""

    at = 100.0

    def now(self) -> float:
        return self.at


@dataclass
class Internet:
    """The addresses of names, and the Region that an address says it is in."""

    names: dict[str, list[str]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def resolve(self, name: str) -> Resolved:
        if name not in self.names:
            raise NowhereError(name)
        return Resolved(addresses=self.names[name], ttl_s=60)

    async def ask(self, address: str) -> str | None:
        self.asked.append(address)
        return self.says.get(address)


def answers(internet: Internet, clock: Clock) -> Answers:
    return Answers(NAMES, REGIONS, resolve=internet.resolve, ask=internet.ask, clock=clock)


def test_an_address_is_the_regions_whose_own_name_leads_there() -> None:
    internet = Internet(names={NAMES[Role.PRIMARY]: ["192.0.2.1"], NAMES[Role.SECONDARY]: ["198.51.100.1"]})
    found = answers(internet, Clock())
    assert asyncio.run(found.role("198.51.100.1")) is Role.SECONDARY
    assert internet.asked == []


def test_an_address_that_neither_name_has_now_is_asked_itself_once() -> None:
    internet = Internet(says={"192.0.2.9": "eu-west-1"})
    found = answers(internet, Clock())

    async def twice() -> list[Role | None]:
        return [await found.role("192.0.2.9"), await found.role("192.0.2.9")]

    assert asyncio.run(twice()) == [Role.PRIMARY, Role.PRIMARY]
    assert internet.asked == ["192.0.2.9"]


def test_an_address_that_is_of_no_region_is_nobodys() -> None:
    found = answers(Internet(says={"192.0.2.8": "us-east-1"}), Clock())
    assert asyncio.run(found.role("192.0.2.8")) is None
    assert asyncio.run(found.role("192.0.2.7")) is None


def test_only_another_region_is_a_change_and_not_another_of_its_addresses() -> None:
    internet = Internet(
        names={NAMES[Role.PRIMARY]: ["192.0.2.1", "192.0.2.2"], NAMES[Role.SECONDARY]: ["198.51.100.1"]}
    )
    clock = Ticking()
    found = answers(internet, clock)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "203.0.113.9", "198.51.100.1", "198.51.100.1"):
        found.note(address)
        clock.at += 10
    assert asyncio.run(found.changes(0)) == [
        AnswerChanged(at=100, region="eu-west-1"),
        AnswerChanged(at=140, region="eu-central-1"),
    ]
    assert asyncio.run(found.changes(101)) == [AnswerChanged(at=140, region="eu-central-1")]
