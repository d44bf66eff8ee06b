"""The platform's processes know nothing of a real AWS, go down in order, and change under one command."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from pipeline.config import LOCAL
from pipeline.local import platform
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.service import Service
from tests.ports import free_ports


def test_what_runs_here_cannot_reach_a_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("KEPT", "yes")
    found = platform.environment()
    assert found["KEPT"] == "yes"
    assert {name: value for name, value in found.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_what_runs_here_asks_no_proxy_for_what_else_runs_here(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert platform.environment()["NO_PROXY"] == "127.0.0.1,localhost"
    monkeypatch.setenv(name, "corp.example")
    found = platform.environment()
    assert (found["NO_PROXY"], found["no_proxy"]) == ("corp.example,127.0.0.1,localhost",) * 2


def test_regions_start_first_the_front_door_last_and_they_use_every_port_once(tmp_path: Path) -> None:
    layout = Layout(port=9080, state=tmp_path)
    services = platform.services(layout)
    assert [service.name for service in services] == ["primary", "secondary", "dns", "front-door"]
    assert sorted(port for service in services for port in service.ports) == list(range(9080, 9086))


def test_each_region_follows_the_other(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    commands = {region.role: platform.region_service(layout, region).command for region in layout.regions}
    peers = {role: command[command.index("--peer") + 1] for role, command in commands.items()}
    assert peers == {"primary": "eu-central-1=8084", "secondary": "eu-west-1=8083"}
    assert {command[command.index("--state") + 1] for command in commands.values()} == {
        str(tmp_path / "primary"),
        str(tmp_path / "secondary"),
    }


def test_each_region_has_the_zone_of_the_configuration(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    domain = layout.deployment.api.domain
    assert domain is not None
    for region in layout.regions:
        command = platform.region_service(layout, region).command
        assert command[command.index("--zone") + 1] == f"{domain.hosted_zone_id}={domain.hosted_zone_name}"
        assert command[command.index("--account") + 1] == layout.deployment.account


def test_without_a_domain_no_region_has_a_zone(tmp_path: Path) -> None:
    api = replace(LOCAL.api, domain=None)
    layout = Layout(state=tmp_path, deployment=replace(LOCAL, api=api))
    assert "--zone" not in platform.region_service(layout, layout.primary).command


def test_a_region_runs_on_the_emulators_python_and_the_front_door_on_ours(tmp_path: Path) -> None:
    first, *_, door = platform.services(Layout(state=tmp_path))
    assert ".venv-emulator" in first.command[0]
    assert door.command[:3] == [sys.executable, "-m", "pipeline.local.front_door"]


def test_dns_answers_from_the_kept_zone_and_runs_as_fast_as_it_is_told(tmp_path: Path) -> None:
    layout = Layout(port=9080, state=tmp_path)
    command = platform.dns_service(layout).command
    assert command[:3] == [sys.executable, "-m", "pipeline.local.dns"]
    assert dict(zip(command[3::2], command[4::2], strict=True)) == {
        "--zone": str(layout.zone),
        "--port": "9085",
        "--events": str(layout.dns_events),
        "--time-scale": "1",
    }
    assert platform.dns_service(layout, 2.5).command[-1] == "2.5"


def test_nothing_that_does_not_answer_is_ready(tmp_path: Path) -> None:
    layout = Layout(port=free_ports(6), state=tmp_path)
    assert [service.ready() for service in platform.services(layout)] == [False] * 4


class RecordedService:
    """A service that says in which order it was asked and awaited."""

    def __init__(self, name: str, events: list[str], *, running: bool = True) -> None:
        self.name = name
        self._events = events
        self._family = [name] if running else []

    def ask_to_stop(self) -> list[str]:
        self._events.append(f"ask {self.name}")
        return self._family

    def await_stopped(self, family: list[str]) -> None:
        assert family == self._family
        self._events.append(f"await {self.name}")


def test_all_are_asked_to_stop_before_one_is_awaited_and_those_that_ran_are_named() -> None:
    events: list[str] = []
    first, second = RecordedService("first", events), RecordedService("second", events, running=False)
    assert platform.stop(cast(list[Service], [first, second])) == ["first"]
    assert events == ["ask second", "ask first", "await first", "await second"]


def test_a_second_command_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path / "new")
    with (
        platform.exclusive(layout),
        pytest.raises(LocalError, match="Another command is changing the platform"),
        platform.exclusive(layout),
    ):
        pass
    with platform.exclusive(layout):
        pass


def test_the_lock_is_let_go_when_a_command_fails(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    with pytest.raises(ZeroDivisionError), platform.exclusive(layout):
        _: Any = 1 / 0
    with platform.exclusive(layout):
        pass
