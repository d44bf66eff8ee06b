"""A Region's process is frozen, thawed and lost with all that it started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.local import process
from pipeline.local.service import Service
from tests.pipeline.local.processes import python, runs, with_child
from tests.waiting import eventually


class Running:
    """A service with a child, and the folder that is its disk."""

    def __init__(self, folder: Path) -> None:
        ready, child = folder / "ready", folder / "child.pid"
        self.service = Service(
            name="primary",
            command=python(with_child(child), ready=ready),
            ports=[],
            folder=folder / "state",
            cwd=folder,
            ready=ready.exists,
        )
        self.service.start(os.environ)
        self.service.await_ready()
        self.child = int(child.read_text())
        self.disk = folder / "state" / "primary"
        self.disk.mkdir()
        (self.disk / "journal.jsonl").write_text("all that it knows")

    @property
    def states(self) -> set[str]:
        found = self.service.process
        assert found is not None
        return {found.status(), psutil.Process(self.child).status()}

    def end(self) -> None:
        family = self.service.ask_to_stop()
        for member in family:
            if member.is_running():
                member.kill()
        self.service.await_stopped(family)


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.end()


def test_a_frozen_region_stands_still_whole_and_goes_on_after_a_thaw(region: Running) -> None:
    process.freeze(region.service)
    assert eventually(lambda: region.states == {psutil.STATUS_STOPPED})
    process.thaw(region.service)
    assert eventually(lambda: psutil.STATUS_STOPPED not in region.states)


def test_a_thaw_can_end_what_was_at_work_before_it_goes_on(region: Running) -> None:
    process.freeze(region.service)
    process.thaw(region.service, functions=False)
    assert eventually(lambda: not runs(region.child))
    assert region.service.process is not None


def test_to_thaw_what_runs_changes_nothing(region: Running) -> None:
    before = region.service.process
    process.thaw(region.service)
    assert region.service.process == before
    assert psutil.STATUS_STOPPED not in region.states


@pytest.mark.parametrize("frozen", [False, True])
def test_a_lost_region_leaves_no_process_and_no_disk(region: Running, frozen: bool) -> None:
    if frozen:
        process.freeze(region.service)
    process.lose(region.service, region.disk)
    assert region.service.process is None
    assert not runs(region.child)
    assert not region.disk.exists()


def test_what_is_lost_is_deleted_later(region: Running) -> None:
    process.lose(region.service, region.disk)
    region.disk.mkdir()
    process.discard(region.disk)
    left = [path.name for path in region.disk.parent.iterdir() if path.is_dir()]
    assert left == ["primary"]


def test_a_region_that_is_down_can_be_lost_but_not_frozen_or_thawed(region: Running) -> None:
    region.end()
    process.lose(region.service, region.disk)
    assert not region.disk.exists()
    for act in (process.freeze, process.thaw):
        with pytest.raises(FaultError, match="primary does not run: start it, with `make up`"):
            act(region.service)
