"""What a dead drill left on record is put right by anybody who reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from pipeline import runbook
from pipeline.drill.clock import Clock
from pipeline.drill.disturbance import Disturbance, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.step import Role
from pipeline.local.errors import LocalError
from pipeline.restore import table_copy
from pipeline.restore.acts import DAMAGED, Acts
from pipeline.restore.calls import calls
from pipeline.restore.corruption import bad_email
from pipeline.restore.damage import Damage, How
from pipeline.restore.folder import Folder
from pipeline.restore.step import Do
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage
from tests.pipeline.restore.undoing import undone

REGIONS = {Role.PRIMARY: "eu-west-1", Role.SECONDARY: "eu-central-1"}
BEGUN = Disturbance(kind=Kind.RESTORED, table=RESTORED)
CUT_OVER = Disturbance(kind=Kind.CUT_OVER, table=RESTORED)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path / "dead")


@pytest.fixture
def stage() -> Stage:
    """A stage on which Ada is rewritten, and a restored table is made."""
    stage = Stage()
    stage.users("ada")
    stage.make(RESTORED)
    return stage


def left(stage: Stage, folder: Folder, *disturbances: Disturbance) -> None:
    """Have a drill leave these, and what they say of fences."""
    current, claim = stage.row("ada", "CURRENT"), stage.row("EMAIL#ada@crowd.example", "CLAIM")
    damage = Damage(user_id="ada", how=How.REWRITTEN, at=1.0, current=current, claim=claim)
    folder.damages.add(damage)
    stage.api().update(2e9, "ada", {"email": bad_email(damage)})
    for each in disturbances:
        folder.disturbances.add(each)
        if each.kind is Kind.FENCED and each.role and (each.table, REGIONS[each.role]) in stage.tables:
            place = stage.place
            call = runbook.fence(place.place.deployment, REGIONS[each.role], at="now", table=each.table)
            place.send(call)


def fences() -> list[Disturbance]:
    return [
        Disturbance(kind=Kind.FENCED, role=role, table=table) for role in Role for table in (RESTORED, FORMER)
    ]


def undo(stage: Stage, folder: Folder) -> list[str]:
    said: list[str] = []
    Acts(stage.place, folder, Clock()).undo(said.append)
    return said


def test_where_nothing_is_on_record_nothing_is_done(stage: Stage, folder: Folder) -> None:
    assert undo(stage, folder) == []
    assert stage.done == []


def test_before_the_change_fences_go_first_then_the_table_and_the_damage_at_last(
    stage: Stage, folder: Folder
) -> None:
    left(stage, folder, DAMAGED, BEGUN, *fences())
    said = undo(stage, folder)
    assert [each.partition(": ")[2].partition(" (")[0] for each in said] == [
        *["fenced"] * 4,
        "a table is restored",
        "users are damaged",
    ]
    assert stage.row("ada", "CURRENT")["email"]["S"] == "ada@crowd.example"
    assert set(stage.tables) == {(FORMER, region) for region in REGIONS.values()}
    assert folder.disturbances.all == []


def test_a_fence_in_a_table_that_is_gone_refuses_nothing(stage: Stage, folder: Folder) -> None:
    for region in REGIONS.values():
        del stage.tables[RESTORED, region]
    left(stage, folder, *fences())
    undo(stage, folder)
    assert folder.disturbances.all == []
    assert not any(stage.fenced(region) for region in REGIONS.values())


@pytest.mark.parametrize("recorded", [[FORMER], [FORMER, RESTORED]], ids=["not yet", "already"])
def test_a_change_that_changed_anything_is_finished_whatever_the_platform_recorded_of_it(
    stage: Stage, folder: Folder, recorded: list[str]
) -> None:
    left(stage, folder, DAMAGED, BEGUN, *fences(), CUT_OVER)
    stage.serving, stage.half = recorded, {RESTORED}
    undo(stage, folder)
    assert stage.serving == [FORMER, RESTORED]
    assert folder.disturbances.all == []
    assert not any(stage.fenced(region) for region in REGIONS.values())
    assert stage.row("REGION#eu-west-1", "STATE", FORMER)["state"]["S"] == "fenced"
    assert (RESTORED, "eu-west-1") in stage.tables


def test_a_change_that_changed_nothing_is_undone_as_before_it(stage: Stage, folder: Folder) -> None:
    left(stage, folder, DAMAGED, BEGUN, *fences(), CUT_OVER)
    stage.switches_fail = [LocalError("again")]
    said = undo(stage, folder)
    assert said[0] == f"putting right: {FORMER} serves on, nothing was changed"
    assert undone(stage, folder)


@pytest.mark.parametrize("half", [{FORMER}, {FORMER, RESTORED}], ids=["recorded", "half"])
def test_a_table_that_is_recorded_to_serve_is_never_removed(
    stage: Stage, folder: Folder, half: set[str]
) -> None:
    left(stage, folder, DAMAGED, BEGUN, *fences(), CUT_OVER)
    stage.serving, stage.half = [FORMER, RESTORED], half
    undo(stage, folder)
    assert (RESTORED, "eu-west-1") in stage.tables
    assert folder.answers.changed is not None


def test_where_nobody_can_tell_what_serves_a_change_is_finished(stage: Stage, folder: Folder) -> None:
    left(stage, folder, DAMAGED, BEGUN, *fences(), CUT_OVER)

    def silent() -> set[str]:
        raise LocalError("The secondary Region does not answer")

    Acts(replace(stage.place, in_use=silent), folder, Clock()).undo(stage.said.append)
    assert stage.serving == [FORMER, RESTORED]


@pytest.mark.parametrize("stubborn", ["unprotect", "restore"])
def test_a_table_that_is_kept_beside_is_there_again_where_a_drill_after_it_fails(
    stage: Stage, folder: Folder, stubborn: str
) -> None:
    """The second drill makes the table anew that served before the first one."""
    stage.serving = [FORMER, RESTORED]
    stage.protected.add((FORMER, "eu-west-1"))
    stage.stubborn.add(stubborn)
    place = stage.place
    facts = replace(place.facts, restore_point="2030-03-17T17:46:50Z")
    restore = next(step for step in table_copy.STEPS if step.do is Do.RESTORE)
    with pytest.raises(FaultError):
        Acts(place, folder, Clock()).restore(calls(restore, place.place.deployment, facts))
    assert folder.disturbances.all == [Disturbance(kind=Kind.RESTORED, table=FORMER)]
    stage.stubborn.clear()
    undo(stage, folder)
    assert {(FORMER, region) for region in REGIONS.values()} <= set(stage.tables)
    assert folder.disturbances.all == []


def test_after_the_change_only_the_fences_of_the_restored_table_are_left_to_undo(
    stage: Stage, folder: Folder
) -> None:
    acts = Acts(stage.place, folder, Clock())
    left(stage, folder, DAMAGED, BEGUN, *fences())
    acts.cut_over()
    assert {(each.kind, each.table) for each in folder.disturbances.all} == {(Kind.FENCED, RESTORED)}
    assert folder.answers.changed is not None
    assert folder.answers.changed.tables == (FORMER, RESTORED)


def test_what_resists_stays_on_record(stage: Stage, folder: Folder) -> None:
    left(stage, folder, DAMAGED, BEGUN, *fences())
    stage.stubborn.add("active")
    with pytest.raises(ClientError):
        undo(stage, folder)
    assert len(folder.disturbances.all) == 6
    stage.stubborn.clear()
    undo(stage, folder)
    assert folder.disturbances.all == []


def test_a_fence_is_on_record_before_it_is_sent(stage: Stage, folder: Folder) -> None:
    stage.stubborn.add("fenced")
    place = stage.place
    call = runbook.fence(place.place.deployment, "eu-west-1", at="now", table=FORMER)
    with pytest.raises(FaultError, match="By hand: aws dynamodb put-item"):
        Acts(place, folder, Clock()).fence([call])
    assert folder.disturbances.all == [Disturbance(kind=Kind.FENCED, role=Role.PRIMARY, table=FORMER)]
