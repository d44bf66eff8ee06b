"""The status tells running, frozen, silent and stopped processes apart."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import pytest
from rich.console import Console

from pipeline.local import control, dns_status
from pipeline.local import status as statuses
from pipeline.local.dns_status import CheckStatus, DnsStatus
from pipeline.local.layout import Layout, RegionPlace
from pipeline.local.runner import carrying
from pipeline.local.service import Service
from pipeline.local.status import PlatformStatus
from tests.pipeline.local.cloud import Assembly

SERVICES = ("primary", "secondary", "dns", "front-door")
CHECK = CheckStatus(
    check="1",
    kind="endpoint",
    subject="eu-west-1.users.local.example./health",
    role="primary",
    region="eu-west-1",
    healthy=True,
    inverted=False,
    disabled=False,
    last_result="HTTP 200",
)
DNS = DnsStatus(name="users.local.example", role="primary", region="eu-west-1", checks=[CHECK])
REPLICATION = {
    "peer": "eu-central-1",
    "connected": True,
    "error": "",
    "paused": False,
    "lag_setting_ms": 0,
    "median_lag_ms": None,
    "behind_ms": 0.0,
    "conflicts": 0,
}


class FakeProcess:
    def __init__(self, status: str) -> None:
        self.pid = 4711
        self._status = status

    def status(self) -> str:
        return self._status


class Platform:
    """Processes by name, and what each Region answers."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.processes: dict[str, str] = dict.fromkeys(SERVICES, "running")
        self.answers: dict[str, dict[str, Any] | None] = {}
        for role in ("primary", "secondary"):
            self.answers[role] = {"version": "ministack 1", "replication": [REPLICATION]}
        self.silent = ""
        self.dns: DnsStatus | None = DNS

    def process(self, service: Service) -> FakeProcess | None:
        status = self.processes.get(service.name)
        return None if status is None else FakeProcess(status)

    def answer(self, region: RegionPlace) -> dict[str, Any] | None:
        return self.answers[region.role]

    def states(self) -> list[tuple[str, str]]:
        return [(service.name, service.state) for service in self.read().services]

    def read(self) -> PlatformStatus:
        return statuses.read(self.layout)

    def shown(self) -> str:
        console = Console(file=io.StringIO(), color_system=None, width=60)
        statuses.show(self.read(), console)
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()

    def replicates(self, **differently: object) -> None:
        self.answers["primary"] = {"version": "ministack 1", "replication": [{**REPLICATION, **differently}]}


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform(Layout(state=tmp_path))
    monkeypatch.setattr(Service, "process", property(platform.process))
    monkeypatch.setattr(control, "status", platform.answer)
    monkeypatch.setattr("pipeline.local.platform._answers", lambda url: url != platform.silent)
    monkeypatch.setattr(dns_status, "read", lambda _: platform.dns)
    return platform


def test_all_run_when_every_process_answers(platform: Platform) -> None:
    assert platform.states() == [(name, "running") for name in SERVICES]
    assert platform.read().running


@pytest.mark.parametrize(
    ("process", "state"),
    [(psutil.STATUS_STOPPED, "frozen"), (psutil.STATUS_SLEEPING, "not answering"), (None, "stopped")],
)
def test_a_region_that_does_not_answer_says_why(platform: Platform, process: str | None, state: str) -> None:
    platform.answers["secondary"] = None
    if process is None:
        del platform.processes["secondary"]
    else:
        platform.processes["secondary"] = process
    assert ("secondary", state) in platform.states()
    assert not platform.read().running


def test_a_stranger_on_our_port_is_not_ours(platform: Platform) -> None:
    platform.processes.clear()
    assert {state for _, state in platform.states()} == {"stopped"}


@pytest.mark.parametrize(
    ("service", "url"),
    [
        ("front-door", "http://127.0.0.1:8080/health"),
        ("dns", "http://127.0.0.1:8085/_local/health"),
    ],
)
def test_a_front_door_or_dns_that_does_not_answer_is_said(platform: Platform, service: str, url: str) -> None:
    platform.silent = url
    assert [state for state in platform.states() if state[1] != "running"] == [(service, "not answering")]


def test_replication_says_which_region_receives(platform: Platform) -> None:
    regions = [(entry["region"], entry["peer"]) for entry in platform.read().replication]
    assert regions == [("eu-west-1", "eu-central-1"), ("eu-central-1", "eu-central-1")]


def test_json_has_all_of_it(platform: Platform) -> None:
    Assembly(platform.layout).add(
        "LocalData", "eu-west-1", Resources={"R": {"Type": "AWS::Nobody::Reviewed"}}
    )
    found = platform.read().as_json()
    assert sorted(found) == [
        "aws_endpoints",
        "deliveries",
        "dns",
        "gaps",
        "replication",
        "running",
        "services",
        "switched",
        "tables",
    ]
    assert found["gaps"] == [
        {"what": "AWS::Nobody::Reviewed", "how": "not reviewed: nobody has compared it with AWS"}
    ]
    assert found["dns"] == asdict(DNS)
    assert found["dns"]["checks"][0]["last_result"] == "HTTP 200"
    assert found["services"][0] == {
        "name": "primary",
        "region": "eu-west-1",
        "url": "http://127.0.0.1:8081",
        "state": "running",
        "pid": 4711,
        "version": "ministack 1",
    }


def delivered(layout: Layout) -> None:
    """Have a deployment by hand among the executions of the pipeline."""
    carrying.history(layout).adopt(
        commit="abcdef0123", subject="Begin", committed_at=1.0, stages=["Local"], fill=lambda _: None
    )


def test_json_has_the_deliveries(platform: Platform) -> None:
    delivered(platform.layout)
    found = json.loads(json.dumps(platform.read().as_json()))["deliveries"]
    assert [line[20:] for line in found["last"]] == ["abcdef0 Begin – Succeeded: deployed by hand"]  # noqa: RUF001
    assert [row["stage"] for row in found["rows"]] == ["Local", "Localprod"]


def test_a_person_sees_the_deliveries_once_there_are_any(platform: Platform) -> None:
    assert "pushes:" not in platform.shown()
    delivered(platform.layout)
    lines = platform.shown().splitlines()
    assert lines[lines.index("pushes:") + 1].endswith("abcdef0 Begin – Succeeded: deployed by hand")  # noqa: RUF001
    table = lines[lines.index("delivery in 30 days:") + 1 :]
    assert [line.split()[0] for line in table[:3]] == ["stage", "Local", "Localprod"]


def test_an_unfinished_synthesis_is_no_obstacle(platform: Platform) -> None:
    platform.layout.assembly.mkdir(parents=True)
    assert platform.read().gaps == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, "no change yet, 0 ms behind, 0 conflicts"),
        ({"median_lag_ms": 2.5, "conflicts": 3}, "median lag 2.5 ms, 0 ms behind, 3 conflicts"),
        ({"lag_setting_ms": 250, "paused": True}, "0 conflicts, 250 ms added, paused"),
        ({"connected": False, "error": "refused"}, "not connected (refused)"),
    ],
)
def test_replication_is_one_line(platform: Platform, entry: dict[str, Any], words: str) -> None:
    platform.replicates(**entry)
    line = next(line for line in platform.shown().splitlines() if line.startswith("replication"))
    assert line.startswith("replication eu-central-1 → eu-west-1: ")
    assert line.endswith(words)


def test_a_person_sees_what_dns_says_and_nothing_while_it_is_silent(platform: Platform) -> None:
    lines = platform.shown().splitlines()
    assert "DNS: users.local.example leads to primary, eu-west-1" in lines
    assert "  primary   endpoint   healthy   HTTP 200" in lines
    platform.dns = None
    assert "leads to" not in platform.shown()
    assert platform.read().as_json()["dns"] is None


def test_a_person_sees_each_process_endpoint_and_gap_on_a_line_of_its_own(platform: Platform) -> None:
    Assembly(platform.layout).add(
        "LocalData", "eu-west-1", Resources={"R": {"Type": "AWS::Nobody::Reviewed"}}
    )
    del platform.processes["front-door"]
    lines = platform.shown().splitlines()
    assert any(line.startswith("primary") and "running" in line and "4711" in line for line in lines)
    assert any(line.startswith("front-door") and line.endswith("stopped") for line in lines)
    assert "AWS endpoint of eu-central-1: http://127.0.0.1:8084" in lines
    assert "  AWS::Nobody::Reviewed: not reviewed: nobody has compared it with AWS" in lines


def test_a_table_that_serves_after_a_restore_is_said(platform: Platform) -> None:
    assert "served from" not in platform.shown()
    platform.layout.tables_file.write_text('{"local": ["users-local", "users-local-restored"]}')
    assert platform.read().as_json()["tables"] == ["users-local", "users-local-restored"]
    assert "served from users-local-restored, restored beside users-local\n" in platform.shown()


def test_the_first_table_serving_again_is_not_worth_a_word(platform: Platform) -> None:
    platform.layout.tables_file.write_text('{"local": ["users-local-restored", "users-local"]}')
    assert "served from" not in platform.shown()
