"""A table that serves nobody is removed in both Regions, and one that serves is not."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.drill.faults import FaultError
from pipeline.drill.step import Role
from pipeline.restore.table import RestoredTable
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage

HERE, THERE = "eu-west-1", "eu-central-1"


def table(stage: Stage, name: str = RESTORED) -> RestoredTable:
    return RestoredTable(place=stage.place, name=name)


def deleted(stage: Stage) -> list[str]:
    return [each for each in stage.done if each.startswith("delete")]


def test_where_there_is_none_there_is_nothing_to_remove() -> None:
    stage = Stage()
    table(stage).remove()
    assert stage.done == []


def test_its_protection_goes_first_then_the_replica_then_itself() -> None:
    stage = Stage(protected={(RESTORED, HERE), (RESTORED, THERE)})
    stage.make(RESTORED)
    table(stage).remove()
    assert stage.done == [
        f"unprotect {RESTORED} in {HERE}",
        f"unprotect {RESTORED} in {THERE}",
        f"delete {RESTORED} in {THERE}",
        f"delete {RESTORED} in {HERE}",
    ]
    assert set(stage.tables) == {(FORMER, HERE), (FORMER, THERE)}


@pytest.mark.parametrize("region", [HERE, THERE])
def test_half_of_a_table_is_removed_too(region: str) -> None:
    stage = Stage()
    stage.make(RESTORED, regions=[region])
    table(stage).remove()
    assert deleted(stage) == [f"delete {RESTORED} in {region}"]


def test_the_table_that_serves_is_not_removed() -> None:
    stage = Stage()
    with pytest.raises(FaultError, match=f"{FORMER} serves"):
        table(stage, FORMER).remove()
    assert (FORMER, HERE) in stage.tables


def test_a_table_is_replicated_once_it_takes_calls_in_both_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    stage.make(RESTORED, regions=[HERE])
    assert table(stage).active(Role.PRIMARY)
    assert not table(stage).active(Role.SECONDARY)
    assert not table(stage).replicated()
    stage.make(RESTORED, regions=[THERE])
    assert table(stage).replicated()

    def creating(_self: RestoredTable, role: Role) -> dict[str, Any]:
        status = "CREATING" if role is Role.SECONDARY else "ACTIVE"
        return {"TableStatus": status, "Replicas": [{"RegionName": THERE, "ReplicaStatus": "ACTIVE"}]}

    monkeypatch.setattr(RestoredTable, "described", creating)
    assert not table(stage).replicated()


def test_an_index_that_is_being_made_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    indexes = [{"IndexStatus": "ACTIVE"}, {"IndexStatus": "CREATING"}]
    description = {"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": indexes}
    monkeypatch.setattr(RestoredTable, "described", lambda *_: description)
    assert not table(Stage()).active(Role.PRIMARY)
    indexes.pop()
    assert table(Stage()).active(Role.PRIMARY)
