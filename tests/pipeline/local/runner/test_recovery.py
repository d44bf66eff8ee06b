"""What a killed runner left half-changed is rolled back before anything new begins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.errors import LocalError
from pipeline.local.runner.definition import Definition
from pipeline.local.runner.process import Process
from pipeline.local.runner.record import Record, Rollback, StageRecord, Status
from tests.pipeline.local.runner.staged import Played

DEAD = Process(pid=2**22 + 1, created_at=1.0)


def killed(played: Played, stage: str, rollback: Rollback | None = None) -> Record:
    """Leave an execution whose runner was killed in a stage, or while it rolled that back."""
    under_way = StageRecord(status=Status.IN_PROGRESS, began_at=1.0)
    if rollback:
        under_way = replace(under_way, status=Status.FAILED, cause="it broke", rollback=rollback)
    record = replace(
        played.pushed("kkk"), status=Status.IN_PROGRESS, process=DEAD, began_at=1.0, stages={stage: under_way}
    )
    played.history.write(record)
    return record


def test_the_stage_that_it_was_in_is_rolled_back_before_the_new_one_begins(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    dead = killed(played, "Local")
    played.performed.clear()
    new = played.carry("zzz")
    assert played.performed == [("Deploy", "aaa"), ("Source", "zzz"), ("Synth", "zzz"), ("Deploy", "zzz")]
    record = played.history.read(dead.id)
    assert (record.status, record.cause) == (Status.FAILED, "its runner was killed")
    assert record.stages["Local"].rollback == Rollback(status=Status.SUCCEEDED, to=good.id)
    assert new.status is Status.SUCCEEDED
    assert f"{dead.id} did not end: its runner was killed" in played.said


def test_a_rollback_that_was_under_way_is_done_again(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    half = Rollback(status=Status.IN_PROGRESS, to=good.id)
    dead = killed(played, "Local", half)
    played.carry("zzz")
    local = played.history.read(dead.id).stages["Local"]
    assert local.rollback == Rollback(status=Status.SUCCEEDED, to=good.id)
    assert local.cause == "it broke"


def test_a_stage_that_deploys_nothing_is_only_marked(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.carry("aaa")
    dead = killed(played, "Build")
    played.carry("zzz")
    build = played.history.read(dead.id).stages["Build"]
    assert (build.status, build.rollback) == (Status.FAILED, None)


def test_one_that_was_killed_while_it_waited_was_stopped(tmp_path: Path) -> None:
    played = Played(tmp_path)
    dead = replace(played.pushed("kkk"), process=DEAD)
    played.history.write(dead)
    played.carry("zzz")
    assert played.history.read(dead.id).status is Status.STOPPED


def test_one_that_waits_for_an_approval_and_one_that_runs_are_left_alone(tmp_path: Path) -> None:
    played = Played(tmp_path)
    waits = StageRecord(status=Status.IN_PROGRESS, began_at=1.0, waiting="Approve")
    waiting = replace(
        played.pushed("www"), status=Status.IN_PROGRESS, process=None, stages={"Approval": waits}
    )
    played.history.write(waiting)
    queued = played.pushed("qqq")
    played.history.write(queued)
    played.carry("zzz")
    assert played.history.read(waiting.id) == waiting
    assert played.history.read(queued.id) == queued


def test_nothing_new_begins_where_it_cannot_be_told_what_to_roll_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(tmp_path)
    played.carry("aaa")
    dead = killed(played, "Local")
    played.performed.clear()

    def unreadable() -> Definition:
        raise LocalError("nothing answers")

    monkeypatch.setattr(played, "current", unreadable)
    record = played.carry("zzz")
    assert (record.status, record.cause, played.performed) == (Status.FAILED, "nothing answers", [])
    assert played.history.read(dead.id).abandoned


def test_an_interruption_of_the_recovery_is_kept_and_stops_the_new_one(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    dead = killed(played, "Local")
    begun = played.hang("Deploy")

    async def run() -> Record:
        task = asyncio.create_task(played.engine().carry(played.pushed("zzz")))
        await asyncio.wait_for(begun.wait(), 5)
        task.cancel("Ctrl-C")
        return await task

    new = asyncio.run(run())
    rollback = played.history.read(dead.id).stages["Local"].rollback
    assert rollback == Rollback(status=Status.STOPPED, to=good.id, cause="Ctrl-C")
    assert (new.status, new.cause) == (Status.STOPPED, "Ctrl-C")
