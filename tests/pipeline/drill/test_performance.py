"""A drill is performed under guard, with a ledger of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill import performance
from pipeline.drill.client import Client, Pace
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import Ledger
from pipeline.drill.performance import Folder
from pipeline.drill.scenarios import FROZEN, NO_TABLE
from pipeline.drill.step import Fault
from tests.pipeline.drill.performing import perform
from tests.pipeline.drill.short import BREAK, in_no_time, short
from tests.pipeline.drill.staged import Staged


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Staged:
    in_no_time(monkeypatch)
    return Staged()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path / "drill")


def test_faults_are_prepared_and_the_guard_is_set_before_anything_is_broken(
    staged: Staged, folder: Folder
) -> None:
    perform(staged, folder, short())
    assert staged.done == [
        f"prepare {FROZEN}",
        "guard is set",
        f"inject {FROZEN}",
        f"undo {FROZEN}",
        "guard is left",
    ]


@pytest.mark.parametrize("resists", [set[Fault](), {FROZEN}])
def test_the_ledger_is_closed(
    staged: Staged, folder: Folder, monkeypatch: pytest.MonkeyPatch, resists: set[Fault]
) -> None:
    closed: list[Ledger] = []

    class Noted(Ledger):
        def close(self) -> None:
            closed.append(self)
            super().close()

    monkeypatch.setattr(performance, "Ledger", Noted)
    staged.faults.resists = resists
    try:
        perform(staged, folder, short())
    except FaultError:
        assert resists
    assert len(closed) == 1


def test_the_ledger_of_another_drill_is_left_alone_and_nothing_is_broken(
    staged: Staged, folder: Folder
) -> None:
    folder.path.mkdir()
    folder.ledger.write_text("evidence")
    with pytest.raises(FileExistsError):
        perform(staged, folder, short())
    assert folder.ledger.read_text() == "evidence"
    assert not any(each.startswith("inject") for each in staged.done)


def test_a_fault_that_cannot_be_prepared_ends_the_drill_before_it_begins(
    staged: Staged, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(fault: Fault) -> None:
        raise FaultError(f"{fault} cannot be")

    monkeypatch.setattr(staged.faults, "prepare", unable)
    table = replace(BREAK, fault=NO_TABLE, begins_outage=False)
    with pytest.raises(FaultError, match="cannot be"):
        perform(staged, folder, short(table))
    assert staged.done == []


@pytest.mark.parametrize(("time_scale", "timeout_s"), [(1, 5), (2, 2.5), (10, 2.5)])
def test_clients_wait_for_an_answer_as_time_runs_but_not_too_shortly(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, time_scale: float, timeout_s: float
) -> None:
    paces: list[Pace] = []

    @asynccontextmanager
    async def load(*given: Any) -> AsyncIterator[Sequence[Client]]:  # noqa: ANN401  # as load takes them
        paces.append(given[-1])
        yield []

    monkeypatch.setattr(performance, "load", load)
    perform(Staged(time_scale=time_scale), folder, short())
    assert [pace.timeout_s for pace in paces] == [timeout_s]
