"""A restore is judged by what it left on disk, and by the tables as they are."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.drill.diary import Diary, Line, Restored
from pipeline.drill.ledger import Ledger
from pipeline.drill.probes import ProbeError
from pipeline.drill.rows import Table
from pipeline.restore.evidence import Limits
from pipeline.restore.folder import Folder
from pipeline.restore.judgement import Judged, judged, limits
from pipeline.restore.scenario import Scenario
from pipeline.restore.scenarios import SCENARIOS
from pipeline.restore.step import Do
from tests.pipeline.restore.short import OF_ONE, WHOLE, in_no_time, perform, scenario
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    return Stage()


def judgement(stage: Stage, path: Path, performed: Scenario = WHOLE) -> Judged:
    place = stage.place
    folder, before = perform(stage, path, performed)
    return asyncio.run(judged(performed, place, folder, before=before))


def test_the_table_that_serves_at_the_end_is_judged_beside_the_former(stage: Stage, tmp_path: Path) -> None:
    found = judgement(stage, tmp_path / "drill")
    evidence = found.evidence
    assert evidence.served_from is not None
    assert evidence.noted is not None
    assert [(each.table, each.sound) for each in evidence.validated] == [(FORMER, False), (RESTORED, True)]
    assert evidence.replayed is not None
    assert found.restored_by == "drill"
    assert set(found.ended) == set(range(len(WHOLE.steps)))
    assert evidence.drill.before.region == "eu-west-1"
    assert len(evidence.drill.before.current) == 9
    assert evidence.drill.facts.fault_at == evidence.noted.first_bad_at


def test_a_restore_that_brings_the_damage_along_is_missed(stage: Stage, tmp_path: Path) -> None:
    """A stage restores the present: nothing of the damage is gone."""
    verdict = judgement(stage, tmp_path / "drill").verdict
    assert not verdict.met
    assert verdict.repair.repaired == 0
    assert verdict.repair.left == verdict.repair.damaged > 0


def test_one_user_who_is_put_back_is_met(stage: Stage, tmp_path: Path) -> None:
    found = judgement(stage, tmp_path / "drill", scenario(*OF_ONE, name="user-restore"))
    assert [finding.sentence for finding in found.verdict.violations] == []
    assert found.verdict.met
    assert found.evidence.noted is None


def test_what_nobody_put_right_is_not_judged(stage: Stage, tmp_path: Path) -> None:
    folder = Folder(path=tmp_path)
    Ledger(folder.ledger).close()
    with pytest.raises(ProbeError, match="Nobody wrote down"):
        asyncio.run(judged(WHOLE, stage.place, folder, before=Table(region="before")))


def test_where_nothing_was_damaged_there_is_nothing_to_judge(stage: Stage, tmp_path: Path) -> None:
    folder = Folder(path=tmp_path)
    Ledger(folder.ledger).close()
    Diary(folder.diary).add(Line(restored=Restored(at=1.0, by="drill")))
    with pytest.raises(ProbeError, match="nothing to judge"):
        asyncio.run(judged(WHOLE, stage.place, folder, before=Table(region="before")))


def test_a_restore_may_take_as_long_as_its_steps_from_when_the_damage_is_noticed(stage: Stage) -> None:
    of_table = limits(SCENARIOS["table-restore"], stage.place)
    assert of_table.rpo_s == 1
    steps = SCENARIOS["table-restore"].steps
    assert (steps[3].do, steps[20].do) == (Do.NOTE, Do.AWAIT_SERVED)
    assert of_table.rto_s == pytest.approx(sum(step.seconds for step in steps[3:21]) / 1000)
    assert of_table.held_s == 600 / 1000
    assert limits(SCENARIOS["user-restore"], stage.place) == Limits()
