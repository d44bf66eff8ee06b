"""The process answers over the wire, probes, follows its zone's file and outlives the Regions."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from pipeline.local.dns import prober
from pipeline.local.dns.data_plane import DataPlane
from pipeline.local.dns.events import EventLog
from pipeline.local.dns.probe import Patience
from pipeline.local.dns.server import serve
from pipeline.local.dns.zone import write
from tests.pipeline.local.dns import zones
from tests.pipeline.local.dns.platforms import FAST, Running
from tests.pipeline.local.dns.serving import Api, resolved, running
from tests.pipeline.local.dns.zones import FIRST, SECOND, SHARED, endpoint, without_alarms, zone
from tests.waiting import eventually


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[Running]:
    """A platform whose checker waits as long as Route 53."""
    platform = Running(tmp_path)
    yield platform
    platform.kill()


@pytest.fixture
def platform(hurried: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """A platform whose checker waits for an answer for as long as a busy machine takes."""
    monkeypatch.setattr(prober, "PATIENCE", Patience(connect_s=20, answer_s=20))
    return hurried


def test_names_are_answered_over_udp(platform: Running) -> None:
    with platform.serving(time_scale=10):
        assert resolved(platform.port, SHARED) == [(FIRST, 6)]
        assert resolved(platform.port, f"eu-central-1.{SHARED}") == [(SECOND, 6)]
        assert resolved(platform.port, f"nobody.{SHARED}") == []


def test_what_is_not_dns_is_ignored(platform: Running) -> None:
    with platform.serving(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for noise in (b"", b"x", b"\xff" * 600):
            client.sendto(noise, ("127.0.0.1", platform.port))
        assert platform.address() == FIRST


def test_endpoints_are_probed_over_their_own_name_and_path(platform: Running) -> None:
    with platform.serving():
        eventually(lambda: platform.first.asked and platform.second.asked)
    for api in (platform.first, platform.second):
        assert {asked.target for asked in api.asked} == {"/restapis/x/local/_user_request_/health"}


def test_a_region_that_fails_loses_its_clients_until_it_is_well_again(platform: Running) -> None:
    with platform.serving():
        platform.first.status = 503
        platform.await_address(SECOND)
        assert platform.check("eu-west-1-api")["last_result"] == "HTTP 503"
        platform.first.status = 200
        platform.await_address(FIRST)


def test_answers_go_on_when_both_regions_are_gone(platform: Running) -> None:
    with platform.serving():
        platform.first.kill()
        platform.await_address(SECOND)
        platform.second.kill()
        platform.await_address(FIRST)
        assert not platform.check("eu-west-1-both")["healthy"]
        assert not platform.check("eu-central-1-both")["healthy"]


def test_a_region_that_is_frozen_is_not_waited_for(hurried: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober, "PATIENCE", Patience(connect_s=1, answer_s=0.02))
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        url = f"http://127.0.0.1:{frozen.getsockname()[1]}"
        with hurried.serving(without_alarms((url, hurried.second.url))):
            eventually(lambda: not hurried.check("eu-west-1-api")["healthy"])
            assert hurried.check("eu-west-1-api")["last_result"] == "no answer within 0.02 s"


def test_a_name_that_leads_nowhere_fails_its_check(platform: Running) -> None:
    checks = (endpoint("eu-west-1", name="elsewhere.example."), endpoint("eu-central-1"))
    with platform.serving(zone(platform.urls, endpoint_checks=checks)):
        platform.await_address(SECOND)
        assert platform.check("eu-west-1-api")["last_result"] == "elsewhere.example. leads to no Region"


def test_a_disabled_check_is_not_probed(platform: Running) -> None:
    with platform.serving(without_alarms(platform.urls, disabled=True)):
        write(without_alarms((platform.second.url, platform.second.url)), platform.file)
        eventually(lambda: platform.second.asked)
    assert platform.first.asked == []


def test_a_deployment_is_followed_and_keeps_what_was_seen(platform: Running) -> None:
    with platform.serving(without_alarms(platform.urls, failure_threshold=1)):
        platform.first.status = 503
        platform.await_address(SECOND)
        third = Api(503)
        write(without_alarms((third.url, platform.second.url), failure_threshold=1), platform.file)
        eventually(lambda: third.asked)
        assert platform.address() == SECOND
        third.status = 200
        platform.await_address(FIRST)
        third.kill()


def test_a_check_that_a_deployment_takes_away_is_probed_no_more(platform: Running) -> None:
    with platform.serving():
        eventually(lambda: platform.first.asked)
        third = Api()
        left = tuple(replace(record, health_check_id=None) for record in zones.records())
        one = zone(
            (platform.first.url, third.url),
            records=left,
            endpoint_checks=(endpoint("eu-central-1"),),
            alarm_checks=(),
            calculated_checks=(),
        )
        write(one, platform.file)
        eventually(lambda: len(third.asked) > 2)
        before = len(platform.first.asked), len(third.asked)
        eventually(lambda: len(third.asked) > before[1] + 5)
        assert len(platform.first.asked) == before[0]
        third.kill()


def test_the_log_tells_what_happened_in_its_order(platform: Running) -> None:
    with platform.serving():
        platform.first.kill()
        platform.await_address(SECOND)
    lines = [json.loads(line) for line in platform.log.read_text().splitlines()]
    last = [(line["event"], line.get("check", line.get("name")), line["role"]) for line in lines[-3:]]
    assert last == [
        ("health", "eu-west-1-api", "primary"),
        ("health", "eu-west-1-both", "primary"),
        ("answer", SHARED, "secondary"),
    ]
    assert all(line["reason"].startswith("no connection: ") for line in lines[-3:])
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


def test_the_state_has_the_time_scale_and_nothing_else_is_there(platform: Running) -> None:
    with platform.serving(time_scale=FAST):
        assert platform.state()["time_scale"] == FAST
        assert platform.state()["answers"][SHARED]["role"] == "primary"
        for method, path in (("GET", "/"), ("POST", "/_local/health")):
            found = httpx.request(method, f"http://127.0.0.1:{platform.port}{path}", trust_env=False)
            assert found.status_code == 404


def test_a_port_that_is_taken_is_said(platform: Running) -> None:
    with (
        platform.serving(),
        closing(EventLog(platform.log)) as events,
        pytest.raises(OSError, match="in use"),
        running(lambda: serve(DataPlane(platform.file, events), platform.port, 1)),
    ):
        pass
