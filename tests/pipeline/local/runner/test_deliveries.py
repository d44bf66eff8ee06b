"""What became of the pushes is told from their records: the last ones, and the measures of each stage."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pipeline.local.layout import Layout
from pipeline.local.runner import deliveries
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record, StageRecord, Status

HOUR = 3600.0


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Layout(state=tmp_path).state / "pipeline" / "executions")


def pushed(number: int, status: Status = Status.SUCCEEDED, *, cause: str = "", waits: str = "") -> Record:
    """An execution of a few hours ago, an hour after its commit, later ones with higher numbers."""
    at = time.time() - (20 - number) * HOUR
    queued = Record.queued(
        commit=f"{number:07}" * 5, subject=f"Do {number}", committed_at=at - HOUR, pushed_at=at
    )
    stage = StageRecord(status=status, began_at=at, ended_at=at, cause=cause)
    stages = {"Local": stage}
    if waits:
        stages |= {"LocalprodApproval": replace(stage, status=Status.IN_PROGRESS, waiting=waits)}
    ended = Status.IN_PROGRESS if waits else status
    return replace(queued, began_at=at, ended_at=at, status=ended, cause=cause, stages=stages)


def read(tmp_path: Path) -> deliveries.Deliveries:
    return deliveries.read(Layout(state=tmp_path))


def test_the_last_three_are_told_the_newest_last(history: History, tmp_path: Path) -> None:
    for number in (4, 1, 3, 2):
        history.write(pushed(number))
    told = [line.partition("Do ")[2][0] for line in read(tmp_path).last]
    assert told == ["2", "3", "4"]


def test_each_stage_that_deploys_has_its_measures(history: History, tmp_path: Path) -> None:
    history.write(pushed(1, Status.FAILED, cause="Local: Smoke: it broke"))
    history.write(pushed(2))
    local, localprod = read(tmp_path).rows
    assert (local.stage, localprod.stage) == ("Local", "Localprod")
    assert (local.change_failures, local.lead, local.restore) == ("50%", "60 min", "60 min")
    assert (localprod.change_failures, localprod.lead) == ("–", "–")  # noqa: RUF001


def test_what_was_deployed_by_hand_is_no_delivery(history: History, tmp_path: Path) -> None:
    history.adopt(commit="a" * 40, subject="S", committed_at=1.0, stages=["Local"], fill=lambda _: None)
    found = read(tmp_path)
    assert len(found.last) == 1
    assert found.rows[0].measures.deployments_per_day is None


def test_an_unreadable_record_counts_for_nothing(history: History, tmp_path: Path) -> None:
    history.write(pushed(1))
    broken = history.place("broken")
    broken.mkdir()
    (broken / "record.json").write_text("{")
    assert len(read(tmp_path).last) == 1


def test_before_the_first_push_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert deliveries.lines(read(tmp_path)) == []


def test_a_person_reads_the_pushes_and_a_table(history: History, tmp_path: Path) -> None:
    history.write(pushed(1))
    found = read(tmp_path)
    pushes, last, delivery, headings, local, localprod = deliveries.lines(found)
    assert (pushes, last, delivery) == ("pushes:", f"  {found.last[0]}", "delivery in 30 days:")
    assert headings.split()[:2] == ["stage", "deployments"]
    assert (local.split()[0], localprod.split()[0]) == ("Local", "Localprod")


def test_json_can_have_all_of_it(history: History, tmp_path: Path) -> None:
    history.write(pushed(1))
    found = json.loads(json.dumps(asdict(read(tmp_path))))
    assert found["rows"][0]["measures"]["lead"] == pytest.approx(HOUR)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (pushed(1), "0000001 Do 1 – Succeeded"),  # noqa: RUF001
        (pushed(1, Status.FAILED, cause="Local: it broke\nand how"), "– Failed: Local: it broke"),  # noqa: RUF001
        (pushed(1, waits="Approve"), "Do 1 – InProgress waits for Approve"),  # noqa: RUF001
        (replace(pushed(1), subject="x" * 60), f" {'x' * 50} – Succeeded"),  # noqa: RUF001
    ],
    ids=["succeeded", "failed", "waiting", "long"],
)
def test_an_execution_is_one_line(record: Record, words: str) -> None:
    line = deliveries.line(record)
    assert line.endswith(words)
    assert "\n" not in line


def test_a_line_begins_with_when_it_was_pushed_by_the_clock_on_the_wall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "XYZ-2")
    time.tzset()
    try:
        line = deliveries.line(replace(pushed(1), pushed_at=0.0))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert line.startswith("1970-01-01 02:00:00 ")
