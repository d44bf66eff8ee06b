"""However a restore ends, what is on record then is put right, and a change of tables is finished."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pipeline.drill import diary
from pipeline.drill.disturbance import Disturbance, Kind
from pipeline.drill.faults import FaultError
from pipeline.drill.step import Role
from pipeline.local.errors import LocalError
from pipeline.restore.corruption import bad_email
from pipeline.restore.folder import Folder
from pipeline.restore.step import Step
from tests.pipeline.restore.short import (
    CHANGE,
    END,
    FENCES,
    FOR_EVER,
    OF_ONE,
    TO_VERIFY,
    in_no_time,
    perform,
    scenario,
)
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage
from tests.pipeline.restore.undoing import Hearing, undone


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    return Stage()


def path_of(tmp_path: Path) -> Path:
    return tmp_path / "a-drill"


def test_a_restored_table_that_is_not_sound_does_not_serve(stage: Stage, tmp_path: Path) -> None:
    stage.unsound.add(RESTORED)
    folder, _ = perform(stage, path_of(tmp_path))
    ends = {line.ended.step: line.ended for line in diary.read(folder.diary) if line.ended}
    assert (ends[8].done, max(ends)) == (False, 8)
    assert "not sound" in ends[8].note
    assert "    the restore ends here: nothing is cut over" in stage.said
    assert undone(stage, folder)


@pytest.mark.parametrize("stubborn", ["restore", "replicate", "replayer", "validator"])
def test_a_call_that_fails_ends_it_and_all_is_put_right(stage: Stage, tmp_path: Path, stubborn: str) -> None:
    stage.stubborn.add(stubborn)
    with pytest.raises(FaultError):
        perform(stage, path_of(tmp_path))
    stage.stubborn.clear()
    assert undone(stage, Folder(path=path_of(tmp_path)))


@pytest.mark.parametrize(
    "before",
    [TO_VERIFY[:1], TO_VERIFY[:3], TO_VERIFY, (*TO_VERIFY, *FENCES)],
    ids=["damaged", "restored", "verified", "fenced"],
)
def test_whoever_interrupts_it_before_the_change_finds_all_as_before(
    stage: Stage, tmp_path: Path, before: tuple[Step, ...]
) -> None:
    performed = scenario(*before, FOR_EVER, *CHANGE, *END)
    folder = Folder(path=path_of(tmp_path))

    def interrupt(line: str) -> None:
        if FOR_EVER.why in line:
            os.kill(os.getpid(), signal.SIGINT)

    stage.said = Hearing(interrupt)
    with pytest.raises(KeyboardInterrupt):
        perform(stage, folder.path, performed)
    assert undone(stage, folder)
    assert [line.restored.by for line in diary.read(folder.diary) if line.restored] == ["drill"]


@pytest.mark.parametrize("failures", [1, 2], ids=["once", "again"])
def test_a_change_that_fails_and_changed_nothing_is_undone(
    stage: Stage, tmp_path: Path, failures: int
) -> None:
    stage.switches_fail = [LocalError("cdk failed")] * failures
    with pytest.raises(FaultError, match="cdk failed"):
        perform(stage, path_of(tmp_path))
    assert undone(stage, Folder(path=path_of(tmp_path)))


def test_a_change_that_fails_halfway_is_finished(stage: Stage, tmp_path: Path) -> None:
    stage.half = {RESTORED}
    stage.switches_fail = [LocalError("cdk failed")]
    with pytest.raises(FaultError, match="cdk failed"):
        perform(stage, path_of(tmp_path))
    folder = Folder(path=path_of(tmp_path))
    assert stage.done.count(f"switch {FORMER} {RESTORED}") == 2
    assert stage.serving == [FORMER, RESTORED]
    assert not stage.fenced("eu-west-1")
    assert not stage.fenced("eu-central-1")
    assert folder.disturbances.all == []
    assert folder.answers.changed is not None


def test_a_change_that_cannot_be_finished_leaves_both_tables_fenced(stage: Stage, tmp_path: Path) -> None:
    stage.half = {RESTORED}
    stage.switches_fail = [LocalError("again"), LocalError("cdk failed")]
    with pytest.raises(FaultError, match="again"):
        perform(stage, path_of(tmp_path))
    left = Folder(path=path_of(tmp_path)).disturbances.all
    assert Disturbance(kind=Kind.CUT_OVER, table=RESTORED) in left
    assert all(
        Disturbance(kind=Kind.FENCED, role=role, table=table) in left
        for role in Role
        for table in (FORMER, RESTORED)
    )
    assert all(
        stage.row(f"REGION#{region}", "STATE", table, region)["state"]["S"] == "fenced"
        for region in ("eu-west-1", "eu-central-1")
        for table in (FORMER, RESTORED)
    )


def test_a_user_who_was_overwritten_is_put_back_where_the_drill_ends(stage: Stage, tmp_path: Path) -> None:
    stage.unreadable = True
    with pytest.raises(FaultError, match="was not answered"):
        perform(stage, path_of(tmp_path), scenario(*OF_ONE, name="user-restore"))
    folder = Folder(path=path_of(tmp_path))
    (damage,) = folder.damages.all
    assert stage.row(damage.user_id, "CURRENT")["email"]["S"] == damage.email != bad_email(damage)
    assert folder.disturbances.all == []
