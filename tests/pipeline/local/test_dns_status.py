"""What DNS says is told while it answers and knows the shared name, and not otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import LOCAL
from pipeline.local import dns_status
from pipeline.local.dns import prober
from pipeline.local.dns.probe import Patience
from pipeline.local.dns.zone import Zone
from pipeline.local.dns_status import CheckStatus, DnsStatus
from pipeline.local.layout import Layout
from tests.pipeline.local.dns.platforms import Running
from tests.pipeline.local.servers import Answer, Asked, Server
from tests.ports import free_ports
from tests.waiting import eventually

API = CheckStatus(
    check="1",
    kind="endpoint",
    subject="eu-west-1.users.local.example./health",
    role="primary",
    region="eu-west-1",
    healthy=False,
    inverted=False,
    disabled=False,
    last_result="HTTP 503",
)
LED = b'{"checks": [], "answers": {"users.local.example.": {"role": "primary", "region": "eu-west-1"}}}'
SUM = replace(API, kind="calculated", subject="2 of 2 checks", last_result=None)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(prober, "PATIENCE", Patience(connect_s=20, answer_s=20))
    running = Running(tmp_path)
    yield running
    running.kill()


def layout(dns_port: int) -> Layout:
    return Layout(port=dns_port - 5)


def told(running: Running) -> list[list[str]]:
    status = dns_status.read(layout(running.port))
    return [line.split(maxsplit=3) for line in dns_status.lines(status)] if status else []


def test_every_check_and_where_the_name_leads_is_told(running: Running) -> None:
    running.second.status = 503
    with running.serving():
        assert eventually(lambda: ["secondary", "calculated", "unhealthy", "1 of 1 checks"] in told(running))
        assert eventually(lambda: ["primary", "endpoint", "healthy", "HTTP 200"] in told(running))
        name, *checks = told(running)
    assert " ".join(name) == "DNS: users.local.example leads to primary, eu-west-1"
    assert checks == [
        ["primary", "endpoint", "healthy", "HTTP 200"],
        ["secondary", "endpoint", "unhealthy", "HTTP 503"],
        ["primary", "calculated", "healthy", "1 of 1 checks"],
        ["secondary", "calculated", "unhealthy", "1 of 1 checks"],
    ]


def test_where_the_name_leads_follows_health(running: Running) -> None:
    running.first.status = 503
    leads = ["DNS:", "users.local.example", "leads", "to secondary, eu-central-1"]
    with running.serving():
        assert eventually(lambda: leads in told(running))


def test_before_the_name_is_deployed_nothing_is_told(running: Running) -> None:
    with running.serving(Zone(name="local.example.")):
        assert running.state()["zone"] == "local.example."
        assert dns_status.read(layout(running.port)) is None


def test_where_dns_does_not_answer_nothing_is_told() -> None:
    assert dns_status.read(layout(free_ports(1))) is None


@pytest.mark.parametrize("answer", [Answer(500, LED), Answer(200, b"hello"), Answer(200, b'{"checks": 1}')])
def test_a_stranger_on_the_port_is_not_believed(answer: Answer) -> None:
    server = Server(lambda _: answer)
    try:
        assert dns_status.read(layout(server.port)) is None
    finally:
        server.stop()


def test_without_a_domain_nobody_is_asked() -> None:
    asked: list[Asked] = []

    def answer(request: Asked) -> Answer:
        asked.append(request)
        return Answer(200, b"{}")

    server = Server(answer)
    api = replace(LOCAL.api, domain=None)
    try:
        place = Layout(port=server.port - 5, deployment=replace(LOCAL, api=api))
        assert (dns_status.read(place), asked) == (None, [])
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (API, "primary   endpoint   unhealthy HTTP 503"),
        (SUM, "primary   calculated unhealthy 2 of 2 checks"),
        (replace(API, role=None, disabled=True), "-         endpoint   disabled  HTTP 503"),
    ],
)
def test_a_check_is_one_line(check: CheckStatus, line: str) -> None:
    status = DnsStatus(name="users.local.example", role=None, region=None, checks=[check])
    assert dns_status.lines(status) == ["DNS: users.local.example leads to no Region", f"  {line}"]
