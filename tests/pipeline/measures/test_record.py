"""What the runner of this machine wrote down, measured like the history of CodePipeline."""

import json
from pathlib import Path
from typing import Any

import msgspec

from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record, Rollback, StageRecord, Status
from pipeline.measures.execution import FAILED, SUCCEEDED, Run
from pipeline.measures.measures import DAY, Measures, measures
from pipeline.measures.record import executions

STAGE = StageRecord(status=Status.SUCCEEDED, began_at=100.0, ended_at=200.0)


def written(id_: str, status: Status, ended: float | None, **stages: StageRecord) -> dict[str, Any]:
    """A record as it is on disk."""
    record = Record(
        id=id_,
        commit=id_,
        subject="Say hello",
        committed_at=10.0,
        pushed_at=20.0,
        began_at=30.0,
        ended_at=ended,
        status=status,
        stages=stages,
    )
    found = json.loads(msgspec.json.encode(record))
    assert isinstance(found, dict)
    return found


def failed(rollback: Rollback, *, status: Status = Status.FAILED) -> StageRecord:
    return StageRecord(status=status, began_at=100.0, ended_at=200.0, rollback=rollback)


def test_a_record_is_an_execution() -> None:
    (told,) = executions([written("a", Status.SUCCEEDED, 210.0, Local=STAGE)])
    assert (told.id, told.commit, told.committed_at, told.ended_at) == ("a", "a", 10.0, 210.0)
    assert told.stages == {"Local": [Run(status=SUCCEEDED, began_at=100.0, ended_at=200.0)]}
    assert not told.rollback


def test_a_rollback_is_an_execution_of_its_own_from_the_failure_to_the_end_of_all() -> None:
    stage = failed(Rollback(status=Status.SUCCEEDED, to="before"))
    first, back = executions([written("a", Status.FAILED, 260.0, Local=stage)])
    assert first.stages["Local"] == [Run(status=FAILED, began_at=100.0, ended_at=200.0)]
    assert back.rollback
    assert back.stages == {"Local": [Run(status=SUCCEEDED, began_at=200.0, ended_at=260.0)]}
    assert measures([first, back], stage="Local", since=0, until=DAY) == Measures(
        deployments_per_day=0, lead=None, change_failure_rate=1, restore=60
    )


def test_a_stage_that_was_interrupted_and_rolled_back_has_failed() -> None:
    stage = failed(Rollback(status=Status.SUCCEEDED, to="before"), status=Status.STOPPED)
    told = executions([written("a", Status.STOPPED, 260.0, Local=stage)])
    assert measures(told, stage="Local", since=0, until=DAY).change_failure_rate == 1


def test_a_rollback_to_nothing_is_none() -> None:
    stage = failed(Rollback(status=Status.FAILED, cause="no earlier execution passed Local"))
    assert len(executions([written("a", Status.FAILED, 260.0, Local=stage)])) == 1


def test_what_is_under_way_or_waits_has_no_outcome() -> None:
    runs = StageRecord(status=Status.IN_PROGRESS, began_at=100.0)
    queued = Record.queued(commit="b" * 40, subject="Wait", committed_at=1.0, pushed_at=2.0)
    told = executions(
        [written("a", Status.IN_PROGRESS, None, Local=runs), json.loads(msgspec.json.encode(queued))]
    )
    assert [each.began_at for each in told] == [30.0, 2.0]
    assert measures(told, stage="Local", since=0, until=DAY).deployments_per_day is None


def test_what_was_deployed_by_hand_does_not_count(tmp_path: Path) -> None:
    record = History(tmp_path).adopt(
        commit="c" * 40, subject="By hand", committed_at=1.0, stages=["Local"], fill=lambda _: None, at=5.0
    )
    assert record.stages["Local"].status is Status.SUCCEEDED
    assert executions([json.loads(msgspec.json.encode(record))]) == []
