"""A restore is judged by what it left on disk, and by the tables as they are."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.drill.diary import Diary, Line, Restored
from pipeline.drill.ledger import Ledger
from pipeline.drill.probes import ProbeError
from pipeline.drill.rows import Table
from pipeline.drill.step import Role
from pipeline.restore.evidence import Limits
from pipeline.restore.folder import Folder
from pipeline.restore.judgement import Judged, judged, limits
from pipeline.restore.scenario import Scenario
from pipeline.restore.scenarios import SCENARIOS
from pipeline.restore.step import Do
from pipeline.restore.verdict import judge
from tests.pipeline.drill.replicas import Replica
from tests.pipeline.restore.short import (
    CHANGE,
    END,
    FENCES,
    OF_ONE,
    TO_VERIFY,
    WHOLE,
    in_no_time,
    perform,
    scenario,
    step,
)
from tests.pipeline.restore.staged import FORMER, RESTORED, Stage
from tests.pipeline.restore.staged_aws import StagedFunctions
from tests.pipeline.restore.undoing import Hearing


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


def test_a_restore_aims_at_what_its_scenario_states_and_not_at_all_that_its_steps_may_take(
    stage: Stage,
) -> None:
    of_table = SCENARIOS["table-restore"]
    assert limits(of_table, stage.place) == Limits(rpo_s=1, rto_s=300 / 1000, held_s=600 / 1000)
    assert of_table.rto_seconds is not None
    assert of_table.rto_seconds < sum(step.seconds for step in of_table.steps) / 10
    assert limits(SCENARIOS["user-restore"], stage.place) == Limits(rto_s=30 / 1000)


def test_one_user_is_put_back_in_the_time_from_when_the_history_is_looked_at(
    stage: Stage, tmp_path: Path
) -> None:
    performed = scenario(*OF_ONE, name="user-restore", rto_seconds=60_000)
    found = judgement(stage, tmp_path / "drill", performed)
    (rto,) = [aim for aim in found.verdict.objectives if aim.name == "RTO"]
    assert found.evidence.noticed_at == found.began[1].at
    assert rto.measured == pytest.approx(found.ended[2].at - found.began[1].at)
    assert rto.met


def test_a_user_who_is_never_put_back_is_a_miss(stage: Stage, tmp_path: Path) -> None:
    performed = scenario(*OF_ONE, name="user-restore", rto_seconds=60_000)
    found = judgement(stage, tmp_path / "drill", performed)
    drill = replace(found.evidence.drill, facts=replace(found.evidence.drill.facts, healed_at=None))
    assert "RTO not reached" in str(judge(replace(found.evidence, drill=drill)))


def test_what_the_restored_table_came_with_is_read_before_the_fences_and_kept(
    stage: Stage, tmp_path: Path
) -> None:
    """A replay that puts everything right afterwards does not change what was read."""
    folder = Folder(path=tmp_path / "drill")

    def emptied(line: str) -> None:
        if "await-restored" in line:
            stage.tables[RESTORED, "eu-west-1"] = Replica("eu-west-1")
        if "settings" in line:
            stage.tables[RESTORED, "eu-west-1"].rebuild(stage.tables[FORMER, "eu-west-1"])

    stage.said = Hearing(emptied)
    found = judgement(stage, folder.path)
    assert found.evidence.drill.primary.rows
    assert folder.came.rows == []
    assert found.evidence.came is not None
    assert not found.evidence.came.rows


def test_the_validator_is_told_how_many_users_there_were_until_the_replay(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.restore.steps.least_users", lambda *_: 9)
    events: list[Any] = []
    invoke = StagedFunctions.invoke

    def noted(self: StagedFunctions, **given: str) -> dict[str, Any]:
        events.append(json.loads(given["Payload"]))
        return invoke(self, **given)

    monkeypatch.setattr(StagedFunctions, "invoke", noted)
    again = step(Do.VERIFY, Role.PRIMARY)
    perform(stage, tmp_path / "drill", scenario(*TO_VERIFY, *FENCES, again, *CHANGE, *END))
    assert [each for each in events if "table" in each] == [
        {"table": FORMER},
        {"table": RESTORED, "least_users": 9},
        {"table": RESTORED},
    ]
