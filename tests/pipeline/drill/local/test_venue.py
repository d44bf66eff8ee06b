"""This machine is a venue of drills while its platform runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.local import venue
from pipeline.drill.local.place import ALLOWANCE_S
from pipeline.drill.local.venue import RESTORED_S, LocalVenue
from pipeline.drill.lock import drilling
from pipeline.drill.performance import Folder
from pipeline.drill.place import Place
from pipeline.drill.plan import local_plan
from pipeline.drill.scenarios import UnknownScenario, named
from pipeline.drill.step import Do, Step
from pipeline.drill.whole import Venue
from pipeline.local import platform
from pipeline.local.layout import Layout
from tests.pipeline.drill.short import short
from tests.pipeline.drill.staged import Staged
from tests.ports import free_ports


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(port=free_ports(6), state=tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "drill").mkdir()
    return Folder(path=tmp_path / "drill")


@pytest.mark.parametrize(
    ("layout", "time_scale", "command"),
    [
        (Layout(), 1, "make drill"),
        (Layout(port=9080), 10, "make drill PORT=9080 TIME_SCALE=10"),
        (Layout(state=Path("/a b/c")), 2.5, "make drill TIME_SCALE=2.5 ARGS='--state '\"'\"'/a b/c'\"'\"''"),
    ],
)
def test_the_command_that_runs_a_drill_again_names_what_is_not_usual(
    layout: Layout, time_scale: float, command: str
) -> None:
    assert LocalVenue(layout=layout, time_scale=time_scale).command == command


def test_a_state_folder_survives_both_shells_of_that_command() -> None:
    command = LocalVenue(layout=Layout(state=Path("/a b/c")), time_scale=1).command
    arguments = shlex.split(command)[-1].removeprefix("ARGS=")
    assert shlex.split(arguments) == ["--state", "/a b/c"]


def test_it_performs_every_scenario_and_has_a_plan_of_it(layout: Layout) -> None:
    here: Venue = LocalVenue(layout=layout, time_scale=10)
    scenario = here.scenario("region-loss")
    assert scenario is named("region-loss")
    endpoints = {region.name: region.aws_url for region in layout.regions}
    assert here.plan(scenario) == local_plan(scenario, layout.deployment, endpoints=endpoints, time_scale=10)
    with pytest.raises(UnknownScenario):
        here.scenario("earthquake")


def test_a_drill_has_the_time_of_all_its_waits_before_it_is_ended(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []
    monkeypatch.setattr(
        venue, "guard", lambda _layout, *, time_scale, cap_s: given.append(cap_s / time_scale)
    )
    both = Step(do=Do.AWAIT_CONVERGED, seconds=300, why="Quiet.")
    LocalVenue(layout=layout, time_scale=1).guard(replace(short(both), gate=False))
    assert given == [2 * 300 + 4 * ALLOWANCE_S + RESTORED_S]


@dataclass
class Running:
    """A service that runs."""

    name: str
    answers: bool = True
    process: object = "runs"

    def ready(self) -> bool:
        return self.answers


NAMES = ("primary", "secondary", "dns", "front-door")


def running(monkeypatch: pytest.MonkeyPatch, **answers: bool) -> None:
    services = [Running(name, answers.get(name, True)) for name in NAMES]
    monkeypatch.setattr(platform, "services", lambda _: services)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes when a place is opened and closed."""
    noted: list[str] = []

    @contextmanager
    def open_place(_layout: Layout, folder: Path, time_scale: float) -> Iterator[Place]:
        noted.append(f"opened {folder.name} at {time_scale:g}")
        try:
            yield Staged().place
        finally:
            noted.append("closed")

    monkeypatch.setattr(venue, "open_place", open_place)
    return noted


def test_it_is_held_and_opened_for_one_drill(
    layout: Layout, folder: Folder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch)
    here = LocalVenue(layout=layout, time_scale=10)
    with here.opened(folder) as place:
        assert place.name == "a stage"
        with pytest.raises(FaultError, match="Another drill"), here.opened(folder):
            pass
    assert opened == ["opened drill at 10", "closed"]
    with drilling(layout.state / "drill.lock"):
        assert len(opened) == 2


def test_a_platform_that_the_pipeline_deploys_to_is_drilled_by_the_pipeline_alone(
    layout: Layout, folder: Folder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch)
    monkeypatch.delenv("CODEBUILD_BUILD_ID", raising=False)
    layout.execution_lock.parent.mkdir(parents=True)
    here = LocalVenue(layout=layout, time_scale=10)
    with layout.execution_lock.open("w") as execution:
        flock(execution, LOCK_EX)
        with pytest.raises(FaultError, match="wait for its execution to end"), here.opened(folder):
            pass
        assert opened == []
        monkeypatch.setenv("CODEBUILD_BUILD_ID", "LocalDrill:1")
        with here.opened(folder):
            assert opened == ["opened drill at 10"]


def test_a_platform_that_does_not_run_is_not_touched(
    layout: Layout, folder: Folder, opened: list[str]
) -> None:
    with (
        pytest.raises(
            FaultError, match=r"lacks primary, secondary, dns, front-door: start it with `make up`"
        ),
        LocalVenue(layout=layout, time_scale=10).opened(folder),
    ):
        pass
    assert opened == []


@pytest.mark.parametrize("silent", NAMES[:3])
def test_a_platform_that_answers_elsewhere_is_not_touched(
    layout: Layout, folder: Folder, opened: list[str], monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    running(monkeypatch, **{silent: False})
    with (
        pytest.raises(FaultError, match=rf"from {layout.port} on \({silent}\): name its PORT"),
        LocalVenue(layout=layout, time_scale=10).opened(folder),
    ):
        pass
    assert opened == []


def test_a_platform_that_another_command_changes_is_not_touched(
    layout: Layout, folder: Folder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch)
    with (
        platform.exclusive(layout),
        pytest.raises(FaultError, match="Another command"),
        LocalVenue(layout=layout, time_scale=10).opened(folder),
    ):
        pass
    assert opened == []
