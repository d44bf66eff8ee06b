"""`up` starts what is missing, and when it fails it leaves things as it found them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipeline.local import deploy, routing, up
from pipeline.local.errors import LocalError
from pipeline.local.layout import ROOT, Layout
from pipeline.local.progress import Progress


class FakeService:
    def __init__(self, name: str, events: list[str]) -> None:
        self.name = name
        self.process: object | None = None
        self._events = events

    def require_ports(self) -> None:
        self._events.append(f"ports of {self.name}")

    def start(self, _environment: object) -> None:
        self._events.append(f"start {self.name}")

    def await_ready(self) -> None:
        self._events.append(f"await {self.name}")


class Up:
    """`up`, with everything that it calls written down instead."""

    def __init__(self, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout = layout
        self.events: list[str] = []
        self.failing: tuple[str, BaseException] | None = None
        names = ("primary", "secondary", "dns", "front-door")
        self.services = [FakeService(name, self.events) for name in names]
        monkeypatch.setattr(up, "services", lambda _: self.services)
        monkeypatch.setattr(up, "synthesize", self._does("synthesize"))
        monkeypatch.setattr(deploy, "deploy", self._does("deploy"))
        monkeypatch.setattr(routing, "write", self._does("routes"))
        monkeypatch.setattr(up, "stop", lambda s: self.events.append(f"stop {[x.name for x in s]}"))

    def _does(self, name: str) -> Any:  # noqa: ANN401 - stands in for several functions
        def do(*_: object) -> bool:
            self.events.append(name)
            if self.failing and self.failing[0] == name:
                raise self.failing[1]
            return True

        return do

    def run(self) -> bool:
        return up.up(self.layout, Progress(Console(file=io.StringIO())))


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Up:
    return Up(Layout(state=tmp_path), monkeypatch)


def test_every_port_is_free_before_anything_starts_and_the_door_opens_last(platform: Up) -> None:
    assert platform.run()
    assert platform.events == [
        *("ports of primary", "ports of secondary", "ports of dns", "ports of front-door"),
        *("start primary", "start secondary", "synthesize", "await primary", "await secondary"),
        *("deploy", "routes", "start dns", "await dns", "start front-door", "await front-door"),
    ]


def test_what_runs_is_not_started_again(platform: Up) -> None:
    for service in (platform.services[0], *platform.services[2:]):
        service.process = object()
    platform.run()
    assert [event for event in platform.events if event.startswith(("start", "ports"))] == [
        "ports of secondary",
        "start secondary",
    ]


@pytest.mark.parametrize("failure", [LocalError("no"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("step", ["synthesize", "deploy", "routes"])
def test_a_failure_stops_what_was_started_and_nothing_else(
    platform: Up, step: str, failure: BaseException
) -> None:
    platform.services[0].process = object()
    platform.failing = (step, failure)
    with pytest.raises(type(failure)):
        platform.run()
    assert platform.events[-1] == "stop ['secondary', 'dns', 'front-door']"


def test_too_small_a_disk_is_told_before_anything_starts(
    platform: Up, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 12 * 1024**2

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    with pytest.raises(LocalError, match=r"has 12 MB free and needs 250 MB: free some space\.$"):
        platform.run()
    assert platform.events == []


def test_a_rebuild_deploys_what_was_synthesized_before(platform: Up) -> None:
    assert up.up(platform.layout, Progress(Console(file=io.StringIO())), anew=False)
    assert "synthesize" not in platform.events
    assert platform.events.index("deploy") < platform.events.index("routes")


def test_the_clone_that_it_runs_from_is_the_platform_s_home_unless_the_app_is_an_older_one(
    platform: Up, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    platform.layout.home_file.write_text(str(other))
    up.up(platform.layout, Progress(Console(file=io.StringIO())), anew=False)
    assert platform.layout.home == other
    platform.run()
    assert platform.layout.home == ROOT
