"""The platform's processes know nothing of a real AWS, go down in order, and change under one command."""

from __future__ import annotations

from dataclasses import replace
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from pipeline.config import LOCAL
from pipeline.local import platform
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout
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


def test_each_region_has_the_zones_of_all_that_is_deployed_here(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    for region in layout.regions:
        command = platform.region_service(layout, region).command
        zones = [value for option, value in pairwise(command) if option == "--zone"]
        assert zones == ["Z0LOCAL=local.example", "Z0LOCALPROD=localprod.example"]
        assert command[command.index("--account") + 1] == layout.deployment.account


def test_without_a_domain_no_region_has_a_zone(tmp_path: Path) -> None:
    api = replace(LOCAL.api, domain=None)
    layout = Layout(state=tmp_path, deployment=replace(LOCAL, api=api))
    assert "--zone" not in platform.region_service(layout, layout.primary).command


def test_a_region_runs_on_the_emulators_python_and_the_front_door_on_ours(tmp_path: Path) -> None:
    first, *_, door = platform.services(Layout(state=tmp_path))
    assert ".venv-emulator" in first.command[0]
    assert door.command[:3] == [str(ROOT / ".venv/bin/python"), "-m", "pipeline.local.front_door"]


def test_dns_answers_from_the_kept_zone_and_runs_as_fast_as_it_is_told(tmp_path: Path) -> None:
    layout = Layout(port=9080, state=tmp_path)
    command = platform.dns_service(layout).command
    assert command[:3] == [str(ROOT / ".venv/bin/python"), "-m", "pipeline.local.dns"]
    assert dict(zip(command[3::2], command[4::2], strict=True)) == {
        "--zone": str(layout.zone),
        "--port": "9085",
        "--events": str(layout.dns_events),
        "--time-scale": "1",
    }
    assert platform.dns_service(layout, 2.5).command[-1] == "2.5"


def test_all_runs_from_the_clone_that_the_platform_was_started_from(tmp_path: Path) -> None:
    layout, home = Layout(state=tmp_path / "state"), tmp_path / "clone"
    home.mkdir()
    layout.state.mkdir()
    layout.home_file.write_text(str(home))
    services = platform.services(layout)
    assert {service.cwd for service in services} == {home}
    assert all(service.command[0].startswith(f"{home}/.venv") for service in services)


def test_a_clone_that_is_gone_is_no_home(tmp_path: Path) -> None:
    layout = Layout(state=tmp_path)
    layout.home_file.write_text(str(tmp_path / "gone"))
    assert layout.home == ROOT


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


def test_nobody_changes_the_platform_during_an_execution_but_the_execution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CODEBUILD_BUILD_ID", raising=False)
    layout = Layout(state=tmp_path)
    layout.execution_lock.parent.mkdir()
    with layout.execution_lock.open("w") as execution:
        flock(execution, LOCK_EX | LOCK_NB)
        with pytest.raises(LocalError, match="wait for its execution to end"), platform.apart(layout):
            pass
        monkeypatch.setenv("CODEBUILD_BUILD_ID", "LocalDrill:1")
        with platform.apart(layout):
            pass
    monkeypatch.delenv("CODEBUILD_BUILD_ID")
    with platform.apart(layout):
        pass


def test_no_execution_begins_while_somebody_changes_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CODEBUILD_BUILD_ID", raising=False)
    layout = Layout(state=tmp_path)
    with (
        platform.apart(layout),
        platform.apart(layout),
        layout.execution_lock.open("w") as execution,
        pytest.raises(BlockingIOError),
    ):
        flock(execution, LOCK_EX | LOCK_NB)
