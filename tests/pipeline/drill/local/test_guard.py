"""A drill that is killed in the middle is healed by its watchdog, and one that ends calls it off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from pipeline.drill import guard as module
from pipeline.drill.diary import read
from pipeline.drill.disturbance import Disturbance, Kind
from pipeline.drill.guard import LOG
from pipeline.drill.local.guard import guard
from pipeline.drill.performance import Folder
from pipeline.drill.step import Role
from pipeline.drill.watchdog import FINISHED
from pipeline.local import platform
from pipeline.local.layout import ROOT
from tests.conftest import LoneRegion
from tests.pipeline.local.processes import runs
from tests.waiting import eventually

DRILL = """
import os, signal, sys
from pathlib import Path
from pipeline.drill.local.guard import guard
from pipeline.drill.local.place import local_place
from pipeline.drill.performance import Folder
from pipeline.drill.step import Fault, FaultKind, Role
from pipeline.local.layout import Layout
layout, folder = Layout(port={port}, state=Path({state!r})), Folder(path=Path({folder!r}))
with guard(layout, time_scale=10, cap_s=600)(folder):
    acts = local_place(layout, folder.path, 10).acts(folder.disturbances)
    acts.inject(Fault(kind=FaultKind.TABLE_UNREACHABLE, role=Role.PRIMARY))
    acts.inject(Fault(kind=FaultKind.REPLICATION_PAUSED, role=Role.SECONDARY))
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Machine:
    """A Region, a DNS that is down, and a folder for a drill."""

    def __init__(self, region: LoneRegion, path: Path) -> None:
        self.region = region
        self.folder = Folder(path=path / "drill")
        self.dns = platform.dns_service(region.layout)

    def tables(self) -> int:
        headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
        url = self.region.place.aws_url
        return httpx.post(url, content=b"{}", headers=headers, trust_env=False).status_code

    @property
    def log(self) -> str:
        return (self.folder.path / LOG).read_text()


@pytest.fixture
def machine(lone_region: LoneRegion, tmp_path: Path) -> Iterator[Machine]:
    found = Machine(lone_region, tmp_path)
    yield found
    platform.stop([found.dns])


def test_a_drill_that_is_killed_is_healed(machine: Machine) -> None:
    layout = machine.region.layout
    script = DRILL.format(port=layout.port, state=str(layout.state), folder=str(machine.folder.path))
    drill = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)  # noqa: S603
    assert drill.returncode == -signal.SIGKILL
    eventually(lambda: [line for line in read(machine.folder.diary) if line.restored])
    assert machine.tables() == 200
    assert machine.folder.disturbances.all == []
    eventually(lambda: "all is as it was" in machine.log)
    said = [line.partition(" ")[2] for line in machine.log.splitlines()]
    assert said == [
        "the drill died",
        "putting right: replication-paused (secondary)",
        "putting right: table-unreachable (primary)",
        "all is as it was",
    ]
    assert machine.dns.process is not None


def test_a_drill_that_ends_calls_its_watchdog_off(machine: Machine) -> None:
    with guard(machine.region.layout, time_scale=10, cap_s=600)(machine.folder):
        (child,) = module._children
        process = psutil.Process(child.pid)
        assert os.getsid(process.pid) == process.pid
        assert not (machine.folder.path / FINISHED).exists()
    assert not runs(child.pid)
    assert (child.returncode, machine.log, module._children) == (0, "", [])


def test_what_a_drill_leaves_is_its_watchdogs_business(machine: Machine) -> None:
    with guard(machine.region.layout, time_scale=10, cap_s=600)(machine.folder):
        machine.folder.disturbances.add(Disturbance(kind=Kind.FENCED, role=Role.PRIMARY))
    (child,) = module._children
    try:
        assert not (machine.folder.path / FINISHED).exists()
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()
        module._children.clear()


def test_a_finish_of_an_earlier_drill_is_not_this_ones(machine: Machine) -> None:
    machine.folder.path.mkdir()
    (machine.folder.path / FINISHED).touch()
    with guard(machine.region.layout, time_scale=10, cap_s=600)(machine.folder):
        assert not (machine.folder.path / FINISHED).exists()
