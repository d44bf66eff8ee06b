"""On this machine two tables take turns, and nothing begins where something is left to undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.disturbance import Disturbance, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.local.place import local_place
from pipeline.drill.performance import Folder as DrillFolder
from pipeline.drill.place import Place
from pipeline.local.layout import Layout
from pipeline.restore import local, watchdog
from pipeline.restore.acts import DAMAGED
from pipeline.restore.folder import Folder
from pipeline.restore.local import LIMITS, LocalRestores, place_of
from pipeline.restore.scenarios import SCENARIOS


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(port=9180, state=tmp_path)


@pytest.fixture
def folder(layout: Layout) -> Folder:
    return Folder(path=layout.state / "restores" / "20300101T000000Z-table-restore")


def serve(layout: Layout, *tables: str) -> None:
    layout.tables_file.write_text(json.dumps({"local": tables}))


def test_the_table_that_does_not_serve_is_made(layout: Layout, folder: Folder) -> None:
    assert (place_of(layout, folder).former, place_of(layout, folder).restored) == (
        "users-local",
        "users-local-restored",
    )
    serve(layout, "users-local", "users-local-restored")
    assert (place_of(layout, folder).former, place_of(layout, folder).restored) == (
        "users-local-restored",
        "users-local",
    )
    assert place_of(layout, folder).serving("users-local") == ["users-local-restored", "users-local"]


def test_the_place_says_how_it_differs_from_aws(layout: Layout, folder: Folder) -> None:
    assert place_of(layout, folder).place.limits == LIMITS
    assert any("limit of the RTO is one for this machine: AWS takes longer" in limit for limit in LIMITS)


def test_a_function_is_waited_for_as_long_as_it_may_run_and_asked_once(
    layout: Layout, folder: Folder
) -> None:
    for clients in place_of(layout, folder).clients.values():
        config = clients["lambda"].meta.config
        assert config.read_timeout == 900
        assert config.retries["total_max_attempts"] == 1


def test_switching_tells_the_folder_what_was_deployed(
    layout: Layout, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def switch(of: Layout, tables: Any, step: Any) -> None:  # noqa: ANN401  # as switch takes them
        given.append((of, tables))
        with step("deploying"):
            pass

    monkeypatch.setattr(local, "switch", switch)
    place_of(layout, folder).switch(["a", "b"])
    assert given == [(layout, ["a", "b"])]
    assert "deploying" in (folder.path / "deploy.log").read_text()


def test_a_table_is_in_use_that_a_function_uses_or_that_is_recorded(
    layout: Layout, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "tables_in_use", lambda _: frozenset({"users-local"}))
    assert place_of(layout, folder).in_use() == {"users-local"}
    serve(layout, "users-local", "users-local-restored")
    assert place_of(layout, folder).in_use() == {"users-local", "users-local-restored"}


@pytest.mark.parametrize(
    ("layout", "command"),
    [
        (Layout(), "make restore-drill"),
        (Layout(port=9180), "make restore-drill PORT=9180"),
        (Layout(state=Path("/a b")), "make restore-drill ARGS='--state '\"'\"'/a b'\"'\"''"),
    ],
    ids=["usual", "port", "state"],
)
def test_its_command_names_what_is_not_usual(layout: Layout, command: str) -> None:
    assert LocalRestores(layout=layout).command == command


@pytest.fixture
def opened(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> LocalRestores:
    """A venue whose platform runs."""

    @contextmanager
    def open_(_self: object, folder: DrillFolder) -> Iterator[Place]:
        yield local_place(layout, folder.path, 1)

    monkeypatch.setattr("pipeline.restore.local.LocalVenue.opened", open_)
    return LocalRestores(layout=layout)


def test_nothing_begins_where_something_is_left_to_undo(
    opened: LocalRestores, layout: Layout, folder: Folder
) -> None:
    folder.disturbances.add(Disturbance(kind=Kind.RESTORED, table="users-local-restored"))
    next_one = Folder(path=layout.state / "restores" / "next")
    with (
        pytest.raises(FaultError, match=f"{folder.path.name} left what is not undone yet: make up, then"),
        opened.opened(next_one),
    ):
        raise AssertionError("it began")
    folder.disturbances.remove(Disturbance(kind=Kind.RESTORED, table="users-local-restored"))
    with opened.opened(next_one) as place:
        assert place.former == "users-local"


def test_what_drills_left_is_found_the_oldest_first(layout: Layout) -> None:
    for name in ("b", "a", "whole"):
        Folder(path=layout.state / "restores" / name).disturbances.add(DAMAGED)
    Folder(path=layout.state / "restores" / "whole").disturbances.remove(DAMAGED)
    found = LocalRestores(layout=layout).disturbed()
    assert [folder.path.name for folder in found] == ["a", "b"]


def test_a_drill_is_given_as_long_as_its_steps_and_to_be_undone(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    def watched_by(module: str, *arguments: str, **more: Any) -> None:  # noqa: ANN401  # as watched_by
        given.update(module=module, arguments=arguments, **more)

    monkeypatch.setattr(local, "watched_by", watched_by)
    scenario = SCENARIOS["table-restore"]
    LocalRestores(layout=layout).guard(scenario)
    assert given["module"] == watchdog.__name__
    assert given["arguments"] == ("--port", "9180", "--state", str(layout.state))
    assert given["cap_s"] == sum(step.seconds for step in scenario.steps) + 600


def test_the_watchdog_undoes_what_the_folder_names(
    layout: Layout, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone: list[Path] = []
    monkeypatch.setattr(
        "pipeline.restore.watchdog.Acts.undo", lambda self, _tell: undone.append(self._folder.path)
    )
    argv = ["watchdog", "--folder", str(folder.path), "--pid", "999999", "--started", "1", "--until", "1"]
    monkeypatch.setattr("sys.argv", [*argv, "--port", "9180", "--state", str(layout.state)])
    with pytest.raises(SystemExit) as ended:
        watchdog.main()
    assert ended.value.code == 0
    assert undone == [folder.path]
