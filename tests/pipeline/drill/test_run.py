"""The steps of a scenario are taken in their order, and what comes too late is noted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.drill import diary
from pipeline.drill.clock import Clock
from pipeline.drill.diary import Diary, Line
from pipeline.drill.disturbance import Disturbances
from pipeline.drill.faults import FaultError
from pipeline.drill.place import Place
from pipeline.drill.run import Run
from pipeline.drill.scenario import Scenario
from pipeline.drill.scenarios import FROZEN, NO_TABLE, named
from pipeline.drill.step import Do, Role, Step
from tests.pipeline.drill.staged import Staged

BREAK = Step(do=Do.BREAK, fault=FROZEN, begins_outage=True, why="It breaks.")
HEAL = Step(do=Do.HEAL, fault=FROZEN, ends_outage=True, why="It is mended.")


def scenario(*steps: Step) -> Scenario:
    return Scenario(name="a test", hypothesis="It runs.", steps=(BREAK, *steps, HEAL), not_tested=())


def take(staged: Staged, drill: Scenario, folder: Path, *clients: Any) -> Sequence[Line]:  # noqa: ANN401
    told: list[str] = []
    run = Run(
        drill,
        staged.place,
        staged.place.acts(Disturbances(folder / "disturbances.json")),
        clients,
        diary=Diary(folder / "diary.jsonl"),
        clock=Clock(),
        tell=told.append,
    )
    asyncio.run(run.take_all())
    assert len(told) >= len(drill.steps)
    return diary.read(folder / "diary.jsonl")


class Moving:
    """A client that is served by the primary Region until something is broken there."""

    def __init__(self, staged: Staged) -> None:
        self._staged = staged
        self.served_at = Clock().now() + 3600

    @property
    def served_by(self) -> str:
        broken = any(each.startswith("inject") for each in self._staged.done)
        return "eu-central-1" if broken else "eu-west-1"


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Staged:
    monkeypatch.setattr("pipeline.drill.run.FENCE_SETTLES_S", 0)
    monkeypatch.setattr("pipeline.drill.run.LOOK_S", 0.001)
    monkeypatch.setattr(Place, "drain_s", 0)
    return Staged()


def test_steps_are_taken_in_their_order(staged: Staged, tmp_path: Path) -> None:
    take(
        staged,
        scenario(
            Step(do=Do.CARRY_ON, seconds=1, why="Clients work."),
            Step(do=Do.STOP, role=Role.PRIMARY, why="Out."),
            Step(do=Do.FENCE, role=Role.PRIMARY, why="No writes."),
            Step(do=Do.UNFENCE, role=Role.PRIMARY, why="Writes."),
            Step(do=Do.START, role=Role.PRIMARY, why="In."),
        ),
        tmp_path,
    )
    assert staged.done == [
        f"inject {FROZEN}",
        "signal 1 for eu-west-1 in eu-central-1",
        "fenced REGION#eu-west-1 in eu-west-1",
        "active REGION#eu-west-1 in eu-west-1",
        "signal 0 for eu-west-1 in eu-central-1",
        f"undo {FROZEN}",
    ]


def test_each_step_is_written_down_as_it_begins_and_ends(staged: Staged, tmp_path: Path) -> None:
    lines = take(staged, scenario(), tmp_path)
    began = [line.began.step for line in lines if line.began]
    ended = [(line.ended.step, line.ended.done) for line in lines if line.ended]
    assert (began, ended) == ([0, 1], [(0, True), (1, True)])


@pytest.mark.parametrize("late", [None, 7.5])
def test_when_a_fault_took_effect_is_written_down(staged: Staged, tmp_path: Path, late: float | None) -> None:
    if late is not None:
        staged.faults.late[FROZEN] = late
    lines = take(staged, scenario(Step(do=Do.CARRY_ON, seconds=1, why="Clients work.")), tmp_path)
    assert [line.ended.struck_at for line in lines if line.ended] == [late, None, None]


def test_a_wait_in_vain_is_noted_and_the_next_step_taken(staged: Staged, tmp_path: Path) -> None:
    staged.probes.leads_to = Role.PRIMARY
    wait = Step(do=Do.AWAIT_ANSWERED, role=Role.SECONDARY, seconds=1, why="It turns.")
    lines = take(staged, scenario(wait), tmp_path)
    ended = {line.ended.step: line.ended for line in lines if line.ended}
    assert (ended[1].done, ended[1].note) == (False, "DNS does not lead to secondary after 0 s")
    assert ended[2].done
    assert staged.done[-1] == f"undo {FROZEN}"


def test_dns_is_waited_for(staged: Staged, tmp_path: Path) -> None:
    staged.probes.leads_to = Role.SECONDARY
    wait = Step(do=Do.AWAIT_ANSWERED, role=Role.SECONDARY, seconds=1000, why="It turns.")
    lines = take(staged, scenario(wait), tmp_path)
    assert all(line.ended.done for line in lines if line.ended)


def test_every_client_must_be_served_since_the_step_began(staged: Staged, tmp_path: Path) -> None:
    now = Clock().now()
    moved = SimpleNamespace(served_by="eu-central-1", served_at=now + 3600)
    before = SimpleNamespace(served_by="eu-central-1", served_at=now - 3600)
    elsewhere = SimpleNamespace(served_by="eu-west-1", served_at=now + 3600)
    wait = Step(do=Do.AWAIT_SERVED, role=Role.SECONDARY, seconds=10, why="They move.")
    for number, (clients, done) in enumerate(
        [((moved, moved), True), ((moved, before), False), ((elsewhere,), False)]
    ):
        lines = take(staged, scenario(wait), tmp_path / str(number), *clients)
        ended = {line.ended.step: line.ended.done for line in lines if line.ended}
        assert ended[1] is done


@pytest.mark.parametrize("replicates", [True, False])
def test_a_region_is_drained_when_a_mark_has_arrived(
    staged: Staged, tmp_path: Path, replicates: bool
) -> None:
    staged.replicas.replicates = replicates
    wait = Step(do=Do.AWAIT_DRAINED, role=Role.PRIMARY, seconds=10, why="It drains.")
    lines = take(staged, scenario(wait), tmp_path)
    assert {line.ended.step: line.ended.done for line in lines if line.ended}[1] is replicates


@pytest.mark.parametrize("replicates", [True, False])
def test_both_directions_must_be_quiet(staged: Staged, tmp_path: Path, replicates: bool) -> None:
    staged.replicas.replicates = replicates
    wait = Step(do=Do.AWAIT_CONVERGED, seconds=10, why="Quiet.")
    lines = take(staged, scenario(wait), tmp_path)
    assert {line.ended.step: line.ended.done for line in lines if line.ended}[1] is replicates


def test_a_fault_that_cannot_be_undone_ends_the_drill(staged: Staged, tmp_path: Path) -> None:
    staged.faults.resists = {FROZEN}
    with pytest.raises(FaultError, match="region-frozen"):
        take(staged, scenario(), tmp_path)


def test_the_lag_is_written_down_meanwhile(staged: Staged, tmp_path: Path) -> None:
    wait = Step(do=Do.CARRY_ON, seconds=100, why="Clients work.")
    lines = take(staged, scenario(wait), tmp_path)
    lags = [line.lag for line in lines if line.lag]
    assert {(lag.source, lag.target, lag.lag_s) for lag in lags} == {("eu-west-1", "eu-central-1", 0.25)}


def test_a_drill_of_the_catalogue_runs_from_end_to_end(staged: Staged, tmp_path: Path) -> None:
    drill = named("table-outage")
    lines = take(staged, drill, tmp_path, Moving(staged))
    assert all(line.ended.done for line in lines if line.ended)
    assert [each for each in staged.done if "table" in each] == [f"inject {NO_TABLE}", f"undo {NO_TABLE}"]
