"""Executions are kept on disk, whole or not at all, and what is of no more use is dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record, Rollback, StageRecord, Status, identify


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def history(tmp_path: Path, said: list[str]) -> History:
    return History(tmp_path / "executions", tell=said.append)


def record(number: int, **stages: Status) -> Record:
    base = Record.queued(commit=f"{number:07}", subject="Do", committed_at=1.0, pushed_at=1e9 + number)
    ran = {name: StageRecord(status=status, began_at=2.0, ended_at=3.0) for name, status in stages.items()}
    return replace(base, status=Status.SUCCEEDED, began_at=2.0, stages=ran)


def kept(history: History, each: Record) -> Record:
    history.write(each)
    for name in ("artifacts", "logs"):
        (history.place(each.id) / name).mkdir()
    return each


def test_a_record_is_read_as_it_was_written(history: History) -> None:
    stage = StageRecord(
        status=Status.FAILED,
        began_at=1.5,
        cause="Deploy: it broke",
        rollback=Rollback(status=Status.STOPPED, to="x", cause="y"),
        done=("A",),
    )
    whole = replace(record(1), stages={"S": stage}, variables={"n@s": {"V": "é"}}, restarts=2)
    history.write(whole)
    again = history.read(whole.id)
    assert replace(again, stages={}) == replace(whole, stages={})
    assert list(again.stages["S"].done) == ["A"]
    assert replace(again.stages["S"], done=()) == replace(stage, done=())


def test_the_id_says_when_in_utc_and_which_commit() -> None:
    assert identify("0123456789", 0.25) == "19700101T000000.250000Z-0123456"


def test_records_come_in_the_order_of_their_pushes(history: History) -> None:
    for number in (2, 1, 3):
        history.write(record(number))
    assert [each.commit[-1] for each in history.records()] == ["1", "2", "3"]


def test_there_are_none_before_the_first(history: History) -> None:
    assert history.records() == []
    assert history.last_good("S") is None


@pytest.mark.parametrize("content", [None, b"", b'{"id": "hal', b"{}", b"[1]"])
def test_a_folder_without_a_whole_record_is_named_once_and_passed_over(
    history: History, said: list[str], content: bytes | None
) -> None:
    history.write(record(1))
    strange = history.folder / "strange"
    strange.mkdir()
    if content is not None:
        (strange / "record.json").write_bytes(content)
    assert len(history.records()) == len(history.records()) == 1
    assert len(said) == 1
    assert str(strange) in said[0]


def test_a_copy_of_a_record_under_another_name_is_no_execution(history: History, said: list[str]) -> None:
    history.write(record(1))
    (history.folder / "copy").mkdir()
    (history.folder / "copy" / "record.json").write_text(json.dumps({"id": "x"}))
    source = history.place(record(1).id) / "record.json"
    (history.folder / "copy" / "record.json").write_bytes(source.read_bytes())
    assert len(history.records()) == 1
    assert "copy" in said[0]


def test_the_last_good_one_is_the_last_that_passed_the_stage(history: History) -> None:
    first, second, third = (
        record(1, S=Status.SUCCEEDED),
        record(2, S=Status.FAILED),
        record(3, S=Status.SUCCEEDED, T=Status.FAILED),
    )
    for each in (first, second, third):
        history.write(each)
    assert history.last_good("S") == third
    assert history.last_good("T") is None


def test_the_last_good_one_need_not_be_the_last_that_was_pushed(history: History) -> None:
    late = replace(record(1, S=Status.SUCCEEDED))
    late = replace(late, stages={"S": replace(late.stages["S"], ended_at=9.0)})
    history.write(late)
    history.write(record(2, S=Status.SUCCEEDED))
    assert history.last_good("S") == late


def test_old_artifacts_and_logs_are_dropped_but_for_what_can_be_rolled_back_to(history: History) -> None:
    good = kept(history, record(1, S=Status.SUCCEEDED))
    waiting = kept(history, replace(record(2), status=Status.IN_PROGRESS))
    old = kept(history, record(3, S=Status.FAILED))
    new = [kept(history, record(number)) for number in (4, 5)]
    history.keep(2)
    has = {each.id for each in history.records() if history.artifacts(each.id).exists()}
    assert has == {good.id, waiting.id, *(each.id for each in new)}
    assert not (history.place(old.id) / "logs").exists()
    assert len(history.records()) == 5


def test_what_was_deployed_by_hand_is_an_execution_that_passed_its_stages(history: History) -> None:
    def fill(artifacts: Path) -> None:
        (artifacts / "built").mkdir()

    adopted = history.adopt(commit="abc", subject="S", committed_at=1.0, stages=["A", "B"], fill=fill)
    assert history.last_good("B") == history.read(adopted.id) == adopted
    assert (adopted.status, adopted.process) == (Status.SUCCEEDED, None)
    assert (history.artifacts(adopted.id) / "built").is_dir()


def test_when_its_artifacts_cannot_be_put_there_nothing_is_recorded(history: History) -> None:
    def fill(_artifacts: Path) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        history.adopt(commit="abc", subject="S", committed_at=1.0, stages=["A"], fill=fill)
    assert list(history.folder.iterdir()) == []
