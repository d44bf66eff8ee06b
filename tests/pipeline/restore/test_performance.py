"""A restore takes its steps in order, and each drill takes the other table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.drill import diary
from pipeline.drill.step import Role
from pipeline.restore.damage import How
from pipeline.restore.folder import Folder
from pipeline.restore.step import Do
from tests.pipeline.restore.short import (
    CHANGE,
    END,
    FENCES,
    OF_ONE,
    TO_VERIFY,
    in_no_time,
    perform,
    scenario,
    step,
)
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage
from tests.pipeline.restore.undoing import as_before


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    return Stage()


def path_of(tmp_path: Path) -> Path:
    return tmp_path / "a-drill"


def test_its_steps_are_taken_in_order(stage: Stage, tmp_path: Path) -> None:
    folder, before = perform(stage, path_of(tmp_path))
    called = [each for each in stage.done if not each.startswith(("update_", "tag_", "describe_"))]
    point = folder.answers.noted
    assert point is not None
    assert called == [
        "guard is set",
        f"restore {RESTORED} to {point.restore_point} in eu-west-1",
        f"protect {RESTORED} in eu-west-1",
        f"replicate {RESTORED} in eu-west-1",
        f"protect {RESTORED} in eu-central-1",
        f"validator {FORMER}",
        f"validator {RESTORED}",
        f"fenced {RESTORED} in eu-west-1",
        f"fenced {FORMER} in eu-west-1",
        f"fenced {RESTORED} in eu-central-1",
        f"fenced {FORMER} in eu-central-1",
        f"replayer {RESTORED}",
        f"switch {FORMER} {RESTORED}",
        f"active {RESTORED} in eu-west-1",
        f"active {RESTORED} in eu-central-1",
        "guard is left",
    ]
    assert folder.disturbances.all == []
    assert len(before.current) == 9


def test_the_restore_point_is_the_whole_second_before_the_first_bad_write(
    stage: Stage, tmp_path: Path
) -> None:
    folder, _ = perform(stage, path_of(tmp_path))
    noted, first = folder.answers.noted, folder.damages.began_at
    assert noted is not None
    assert first is not None
    assert noted.first_bad_at == first
    assert 0 < first - datetime.fromisoformat(noted.restore_point).timestamp() <= 1
    assert noted.restore_point.endswith("Z")
    assert "." not in noted.restore_point


def test_a_table_that_was_left_by_a_drill_before_is_removed_first(stage: Stage, tmp_path: Path) -> None:
    stage.make(RESTORED)
    stage.protected |= {(RESTORED, "eu-west-1"), (RESTORED, "eu-central-1")}
    perform(stage, path_of(tmp_path))
    assert [each for each in stage.done if "delete" in each] == [
        f"delete {RESTORED} in eu-central-1",
        f"delete {RESTORED} in eu-west-1",
    ]


def test_the_tables_take_turns(stage: Stage, tmp_path: Path) -> None:
    perform(stage, tmp_path / "first")
    stage.unsound = {RESTORED}
    perform(stage, tmp_path / "second")
    assert stage.serving == [RESTORED, FORMER]
    assert f"delete {FORMER} in eu-west-1" in stage.done


def test_after_the_change_what_is_in_vain_is_noted_and_the_next_step_is_taken(
    stage: Stage, tmp_path: Path
) -> None:
    late = step(Do.VERIFY, Role.SECONDARY)
    stage.unsound.add(RESTORED)
    performed = scenario(*TO_VERIFY[:-1], *FENCES, *CHANGE, late, *END)
    folder, _ = perform(stage, path_of(tmp_path), performed)
    done = [line.ended.done for line in diary.read(folder.diary) if line.ended]
    assert done == [True] * (len(performed.steps) - 3) + [False, True, True]
    assert stage.serving == [FORMER, RESTORED]


def test_one_user_is_overwritten_and_put_back(stage: Stage, tmp_path: Path) -> None:
    folder, _ = perform(stage, path_of(tmp_path), scenario(*OF_ONE, name="user-restore"))
    (damage,) = folder.damages.all
    assert damage.how is How.OVERWRITTEN
    assert as_before(stage, folder)
    assert stage.row(damage.user_id, "CURRENT")["version"] == {"N": "3"}
    assert not any(each.startswith(("restore", "switch", "fenced")) for each in stage.done)
    assert folder.disturbances.all == []


def test_the_ledger_of_another_drill_is_left_alone(stage: Stage, tmp_path: Path) -> None:
    folder = Folder(path=path_of(tmp_path))
    folder.path.mkdir()
    folder.ledger.write_text("evidence")
    with pytest.raises(FileExistsError):
        perform(stage, folder.path)
    assert folder.ledger.read_text() == "evidence"
    assert stage.done == []
