"""Another table serves when all is deployed, and whatever cuts that off leaves a record that is true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from pipeline.local import deploy, platform, serving, switching
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import carrying

BOTH = ["users-local", "users-local-restored"]


class Killed(BaseException):
    """Stands for a kill: nothing that would clear up is run."""


class Switch:
    """`switch`, with all that it calls written down, and a Region whose functions a deployment changes."""

    def __init__(self, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout = layout
        self.events: list[str] = []
        self.in_use = frozenset({"users-local"})
        self.failing: tuple[str, BaseException] | None = None
        self.silent = False
        layout.assembly.mkdir(parents=True)
        (layout.assembly / "manifest.json").write_text("before")
        monkeypatch.setattr(serving, "require_whole", lambda _, table: self._does(f"whole {table}"))
        monkeypatch.setattr(serving, "tables_in_use", self._tables_in_use)
        monkeypatch.setattr(switching, "synthesize", self._synthesize)
        monkeypatch.setattr(deploy, "deploy", self._deploy)
        monkeypatch.setattr(carrying, "adopt", lambda _, anew: self._does(f"adopt {anew}"))

    @property
    def assembly(self) -> str:
        return (self.layout.assembly / "manifest.json").read_text()

    @property
    def left(self) -> list[str]:
        """What lies in the state folder beside locks, the record and the assembly."""
        known = {"lock", "pipeline", "tables.json", "cdk.out"}
        return sorted(each.name for each in self.layout.state.iterdir() if each.name not in known)

    def run(self, *tables: str) -> bool:
        return switching.switch(self.layout, tables, self._step)

    def _synthesize(self, layout: Layout, _variables: object) -> None:
        self._does("synthesize")
        (layout.assembly / "manifest.json").write_text(layout.tables)

    def _deploy(self, layout: Layout, _variables: object, step: Any) -> bool:  # noqa: ANN401 - a Step
        with step("deploying"):
            self._does("data")
            self.in_use |= {layout.served.table_name}
            self._does("secondary")
            self.in_use = frozenset({layout.served.table_name})
        return True

    def _tables_in_use(self, _: Layout) -> frozenset[str]:
        if self.silent:
            raise LocalError("The primary Region does not answer")
        return self.in_use

    def _does(self, what: str) -> None:
        self.events.append(what)
        if self.failing and self.failing[0] == what:
            raise self.failing[1]

    @contextmanager
    def _step(self, doing: str) -> Iterator[None]:
        self.events.append(f"step {doing}")
        yield


@pytest.fixture
def switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Switch:
    return Switch(Layout(state=tmp_path), monkeypatch)


def test_the_tables_are_recorded_deployed_and_told_to_the_pipeline(switch: Switch) -> None:
    assert switch.run(*BOTH)
    assert switch.events == [
        "whole users-local-restored",
        *("step synthesizing the app", "synthesize", "step deploying", "data", "secondary", "adopt True"),
    ]
    assert json.loads(switch.assembly) == {"local": BOTH}  # it was recorded before
    assert (switch.layout.served.tables, switch.left) == (BOTH, [])


def test_it_goes_back_as_well(switch: Switch) -> None:
    switch.run(*BOTH)
    switch.run(*reversed(BOTH))
    assert switch.layout.served.tables == BOTH[::-1]
    assert switch.in_use == {"users-local"}


def test_tables_of_another_deployment_stay_as_they_are_recorded(switch: Switch) -> None:
    other = {"localprod": ["users-localprod", "users-localprod-restored"]}
    switch.layout.tables_file.write_text(json.dumps(other))
    switch.run(*BOTH)
    assert json.loads(switch.layout.tables) == {**other, "local": BOTH}


@pytest.mark.parametrize("failure", [LocalError("no"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("at", ["synthesize", "data"])
def test_what_fails_before_a_function_was_changed_leaves_all_as_it_was(
    switch: Switch, at: str, failure: BaseException
) -> None:
    switch.failing = (at, failure)
    with pytest.raises(type(failure)):
        switch.run(*BOTH)
    switch.failing = None
    assert (switch.layout.tables_file.exists(), switch.assembly, switch.left) == (False, "before", [])
    assert "adopt True" not in switch.events


def test_a_switch_back_that_fails_leaves_the_record_of_the_first_one(switch: Switch) -> None:
    switch.run(*BOTH)
    switch.failing = ("synthesize", LocalError("no"))
    with pytest.raises(LocalError):
        switch.run(*reversed(BOTH))
    assert switch.layout.served.tables == BOTH


@pytest.mark.parametrize("failure", [LocalError("no"), KeyboardInterrupt()], ids=repr)
def test_what_fails_after_a_function_was_changed_is_for_up_to_complete(
    switch: Switch, failure: BaseException
) -> None:
    switch.failing = ("secondary", failure)
    with pytest.raises(type(failure)):
        switch.run(*BOTH)
    assert (switch.layout.served.tables, json.loads(switch.assembly)) == (BOTH, {"local": BOTH})
    assert switch.left == []


def test_where_nobody_can_tell_what_was_changed_the_record_goes_forward(switch: Switch) -> None:
    def fails(*_: object) -> bool:
        switch.silent = True
        raise LocalError("the Region is gone")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(deploy, "deploy", fails)
        with pytest.raises(LocalError, match="the Region is gone"):
            switch.run(*BOTH)
    assert switch.layout.served.tables == BOTH


def test_what_is_killed_is_for_up_to_complete(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching._Before, "put_back", lambda _: None)  # a kill lets nothing clear up
    switch.failing = ("data", Killed())
    with pytest.raises(Killed):
        switch.run(*BOTH)
    assert switch.layout.served.tables == BOTH
    switch.failing = None
    assert switch.run(*BOTH)
    assert switch.left == []


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ([], "There must be a table to serve from"),
        (["users-local-restored"], "lacks users-local for local, which must be kept"),
        (["users-local", "users-local"], "former_tables and table_name must differ"),
        (["users-local", "users-localprod"], "nothing may recover a table"),
    ],
)
def test_tables_that_cannot_serve_are_refused_before_anything_is_done(
    switch: Switch, tables: list[str], message: str
) -> None:
    with pytest.raises(LocalError, match=message):
        switch.run(*tables)
    assert (switch.events, switch.layout.tables_file.exists()) == ([], False)


def test_a_table_that_is_not_whole_is_refused_before_anything_is_done(switch: Switch) -> None:
    switch.failing = ("whole users-local-restored", LocalError("not whole"))
    with pytest.raises(LocalError, match="not whole"):
        switch.run(*BOTH)
    assert (switch.events, switch.layout.tables_file.exists()) == (["whole users-local-restored"], False)


def test_a_region_that_does_not_answer_is_no_place_to_begin(switch: Switch) -> None:
    switch.silent = True
    with pytest.raises(LocalError, match="does not answer"):
        switch.run(*BOTH)
    assert not switch.layout.tables_file.exists()


def test_it_waits_for_nobody_who_changes_the_platform(switch: Switch) -> None:
    with platform.exclusive(switch.layout), pytest.raises(LocalError, match="Another command"):
        switch.run(*BOTH)
    switch.layout.execution_lock.parent.mkdir(parents=True, exist_ok=True)
    with switch.layout.execution_lock.open("a") as execution:
        flock(execution, LOCK_EX)
        with pytest.raises(LocalError, match="The pipeline deploys to this platform"):
            switch.run(*BOTH)
    assert switch.events == []
