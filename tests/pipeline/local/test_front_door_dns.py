"""The front door follows DNS as a client does: for as long as an answer holds, and on while there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.local.dns.records import Answer
from tests.pipeline.local.dns.serving import Dns
from tests.pipeline.local.doors import Door, Upstream, opened


class Followed:
    """Two Regions, and a door whose first port follows DNS; its second one leads to the second Region."""

    def __init__(self, door: Door, dns: Dns, first: Upstream, second: Upstream) -> None:
        self.door, self.dns, self.first, self.second = door, dns, first, second
        self.deploy(first, second)

    def deploy(self, first: Upstream, second: Upstream) -> None:
        addresses = {"127.83.0.1": first.url, "127.83.0.2": second.url}
        route = {"name": "users.local.example", "dns_port": self.dns.port, "addresses": addresses}
        self.door.route({self.door.port: route, self.door.port + 1: second.url})

    def taken_by(self, *, port: int | None = None) -> str:
        """Ask once, and return which Region took the request."""
        before = len(self.first.asked), len(self.second.asked)
        assert self.door.ask(port=port).status == 200
        after = len(self.first.asked), len(self.second.asked)
        return {(1, 0): "first", (0, 1): "second"}[after[0] - before[0], after[1] - before[1]]


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    dns, first, second = Dns(), Upstream(), Upstream()
    for door in opened(tmp_path, first):
        yield Followed(door, dns, first, second)
    dns.kill()
    first.stop()
    second.stop()


def test_a_name_leads_where_dns_says(followed: Followed) -> None:
    followed.dns.lead_to("127.83.0.1")
    assert followed.taken_by() == "first"
    followed.dns.lead_to("127.83.0.2")
    assert followed.taken_by() == "second"


def test_an_answer_is_kept_for_its_ttl(followed: Followed) -> None:
    followed.dns.lead_to("127.83.0.1", ttl_s=3600)
    assert followed.taken_by() == "first"
    followed.dns.lead_to("127.83.0.2")
    assert [followed.taken_by() for _ in range(3)] == ["first"] * 3
    assert followed.dns.asked == 1


def test_a_regions_own_port_leads_to_it_whatever_dns_says(followed: Followed) -> None:
    followed.dns.lead_to("127.83.0.1")
    assert followed.taken_by(port=followed.door.port + 1) == "second"
    assert followed.dns.asked == 0


def test_the_last_answer_leads_on_while_dns_is_gone(followed: Followed) -> None:
    followed.dns.lead_to("127.83.0.2")
    assert followed.taken_by() == "second"
    followed.dns.kill()
    assert [followed.taken_by() for _ in range(3)] == ["second"] * 3


def test_a_deployment_changes_what_is_behind_an_address_at_once(followed: Followed) -> None:
    followed.dns.lead_to("127.83.0.1", ttl_s=3600)
    assert followed.taken_by() == "first"
    followed.deploy(followed.second, followed.first)
    assert followed.taken_by() == "second"
    assert followed.dns.asked == 1


def test_without_dns_nothing_is_known_and_nothing_forwarded(followed: Followed) -> None:
    followed.dns.kill()
    answer = followed.door.ask("POST", body=b"{}")
    assert (answer.status, answer.problem) == (503, "DNS does not answer for users.local.example")
    assert followed.first.asked == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Answer(exists=False), "users.local.example has no address"),
        (Answer(exists=True), "users.local.example has no address"),
        (None, "DNS does not answer for users.local.example"),
        (
            Answer(exists=True, values=("10.0.0.1",), ttl_s=60),
            "users.local.example leads to 10.0.0.1, which is no Region",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_a_problem(
    followed: Followed, said: Answer | None, problem: str
) -> None:
    followed.dns.answer = said
    answer = followed.door.ask()
    assert (answer.status, answer.problem) == (503, problem)
