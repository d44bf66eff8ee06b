"""A drill has a DNS of its own speed, which runs at real time again afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.local import place
from pipeline.drill.local.aws import AGENT
from pipeline.drill.local.learnt import Learnt
from pipeline.drill.step import Role
from pipeline.local import platform
from pipeline.local.layout import Layout
from pipeline.local.service import Service
from tests.conftest import LoneRegion
from tests.ports import free_ports


class Machine:
    """A layout with a DNS that runs at real time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.layout = Layout(port=free_ports(6), state=folder / "state")
        self.start()

    @property
    def service(self) -> Service:
        return platform.dns_service(self.layout, 1)

    @property
    def process(self) -> psutil.Process | None:
        return self.service.process

    @property
    def time_scale(self) -> float:
        answer = httpx.get(f"{self.layout.dns_url}/_local/health", trust_env=False)
        return float(answer.json()["time_scale"])

    def start(self) -> None:
        self.service.start(platform.environment())
        self.service.await_ready()

    def stop(self) -> None:
        platform.stop([self.service])


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    yield found
    found.stop()


def test_a_place_is_open_at_its_time_scale_and_closed_at_real_time(machine: Machine) -> None:
    with place.open_place(machine.layout, machine.folder / "drill", 10) as opened:
        assert machine.time_scale == 10
        assert (opened.time_scale, opened.at_scale(60)) == (10, 6)
        began = json.loads(machine.layout.dns_events.read_text().splitlines()[0])
        assert (began["event"], began["time_scale"]) == ("start", 10)
    assert machine.time_scale == 1
    (kept,) = Learnt(machine.folder / "drill").dns_logs
    assert json.loads(kept.read_text().splitlines()[0]) == began


def test_it_is_closed_however_the_drill_ends(machine: Machine) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        place.open_place(machine.layout, machine.folder / "drill", 10),
    ):
        raise KeyboardInterrupt
    assert machine.time_scale == 1


def test_a_dns_at_real_time_is_left_alone(machine: Machine) -> None:
    before = machine.process
    place.close_place(machine.layout, machine.folder / "drill")
    assert machine.process == before


def test_a_dns_that_died_is_back_afterwards(machine: Machine) -> None:
    with place.open_place(machine.layout, machine.folder / "drill", 10):
        machine.stop()
    assert machine.time_scale == 1


def test_a_platform_that_another_command_changes_is_no_place(machine: Machine) -> None:
    before = machine.process
    with platform.exclusive(machine.layout), pytest.raises(FaultError, match="Another command"):
        place.restart_dns(machine.layout, 10)
    assert machine.process == before


def test_regions_are_reached_under_the_drills_own_name(lone_region: LoneRegion, tmp_path: Path) -> None:
    found = place.local_place(lone_region.layout, tmp_path, 1)
    region = found.regions[Role.PRIMARY]
    assert (region.name, region.table) == ("eu-west-1", "users-local")
    assert found.regions[Role.SECONDARY].name == "eu-central-1"
    region.clients["dynamodb"].list_tables()
    region.clients["cloudwatch"].list_metrics()
    calls = httpx.get(f"{lone_region.place.aws_url}/_local/calls", trust_env=False).json()["calls"]
    ours = [(call["service"], call["action"]) for call in calls if AGENT in call["agent"]]
    assert ours[-2:] == [("dynamodb", "ListTables"), ("monitoring", "ListMetrics")]


def test_rows_and_fences_are_those_of_the_table_that_serves(tmp_path: Path) -> None:
    layout = Layout(port=free_ports(6), state=tmp_path)
    layout.tables_file.write_text('{"local": ["users-local", "users-local-restored"]}')
    found = place.local_place(layout, tmp_path, 1)
    assert {region.table for region in found.regions.values()} == {"users-local-restored"}
    assert found.deployment == layout.served
