"""What a drill does can be undone by whoever finds its record."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.drill.acts import Acts
from pipeline.drill.disturbance import Disturbance, Disturbances, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.scenarios import FROZEN, NO_TABLE
from pipeline.drill.step import Role
from tests.pipeline.drill.staged import Staged


@pytest.fixture
def staged() -> Staged:
    return Staged()


@pytest.fixture
def disturbances(tmp_path: Path) -> Disturbances:
    return Disturbances(tmp_path / "folder" / "disturbances.json")


@pytest.fixture
def acts(staged: Staged, disturbances: Disturbances) -> Acts:
    return staged.place.acts(disturbances)


def test_a_region_is_stopped_by_a_signal_in_the_other(acts: Acts, staged: Staged) -> None:
    acts.stop(Role.PRIMARY)
    acts.start(Role.PRIMARY)
    assert staged.done == ["signal 1 for eu-west-1 in eu-central-1", "signal 0 for eu-west-1 in eu-central-1"]


def test_a_region_is_fenced_in_its_own_replica(acts: Acts, staged: Staged) -> None:
    acts.fence(Role.SECONDARY)
    acts.unfence(Role.SECONDARY)
    assert staged.done == [
        "fenced REGION#eu-central-1 in eu-central-1",
        "active REGION#eu-central-1 in eu-central-1",
    ]


def test_when_a_fault_took_effect_is_passed_on(acts: Acts, staged: Staged) -> None:
    staged.faults.late[NO_TABLE] = 7.5
    assert (acts.inject(FROZEN), acts.inject(NO_TABLE)) == (None, 7.5)


def test_what_is_undone_is_not_on_record(acts: Acts, disturbances: Disturbances) -> None:
    acts.inject(FROZEN)
    acts.stop(Role.PRIMARY)
    acts.fence(Role.SECONDARY)
    assert [str(each) for each in disturbances.all] == [
        "region-frozen (primary)",
        "stopped (primary)",
        "fenced (secondary)",
    ]
    acts.undo(FROZEN)
    acts.start(Role.PRIMARY)
    acts.unfence(Role.SECONDARY)
    assert disturbances.all == []


def test_an_act_that_fails_is_on_record_all_the_same(
    acts: Acts, staged: Staged, disturbances: Disturbances
) -> None:
    staged.dynamo[Role.PRIMARY].fails = True
    with pytest.raises(
        FaultError, match=r"fence eu-west-1 failed .* By hand: aws dynamodb put-item --region"
    ):
        acts.fence(Role.PRIMARY)
    assert disturbances.all == [Disturbance(kind=Kind.FENCED, role=Role.PRIMARY)]


def test_another_process_undoes_what_it_finds_the_last_first(
    staged: Staged, disturbances: Disturbances
) -> None:
    dead = staged.place.acts(disturbances)
    dead.inject(NO_TABLE)
    dead.inject(FROZEN)
    dead.stop(Role.PRIMARY)
    staged.done.clear()
    told: list[str] = []
    staged.place.acts(disturbances).restore(told.append)
    assert staged.done == [
        "signal 0 for eu-west-1 in eu-central-1",
        f"undo {FROZEN}",
        f"undo {NO_TABLE}",
    ]
    assert told[0] == "putting right: stopped (primary)"
    assert disturbances.all == []


def test_one_that_resists_does_not_keep_the_others_from_being_undone(
    acts: Acts, staged: Staged, disturbances: Disturbances
) -> None:
    acts.inject(FROZEN)
    acts.inject(NO_TABLE)
    staged.faults.resists = {NO_TABLE}
    with pytest.raises(FaultError, match="table-unreachable"):
        acts.restore(lambda _: None)
    assert [each.fault for each in disturbances.all] == [NO_TABLE]


def test_the_same_act_is_on_record_once(acts: Acts, disturbances: Disturbances) -> None:
    acts.stop(Role.PRIMARY)
    acts.stop(Role.PRIMARY)
    assert len(disturbances.all) == 1
