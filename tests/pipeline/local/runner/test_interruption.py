"""An execution that is interrupted stops what is under way, rolls it back, and keeps a true record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.definition import Action
from pipeline.local.runner.record import Record, Rollback, Status
from tests.pipeline.local.runner.staged import Played, action, pipeline, stage


async def cancelled(task: asyncio.Task[Record], *begun: asyncio.Event) -> Record:
    for number, event in enumerate(begun):
        await asyncio.wait_for(event.wait(), 5)
        task.cancel(f"signal {number}")
    return await task


def interrupt(played: Played, *begun: asyncio.Event, commit: str = "bbb") -> Record:
    async def run() -> Record:
        return await cancelled(asyncio.create_task(played.engine().carry(played.pushed(commit))), *begun)

    return asyncio.run(run())


def test_a_deploying_stage_that_is_interrupted_is_rolled_back(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    record = interrupt(played, played.hang("Deploy", of="bbb"))
    assert (record.status, record.cause) == (Status.STOPPED, "Local: signal 0")
    local = record.stages["Local"]
    assert (local.status, local.cause) == (Status.STOPPED, "signal 0")
    assert local.rollback == Rollback(status=Status.SUCCEEDED, to=good.id)
    assert played.performed[-1] == ("Deploy", "aaa")
    assert played.history.read(record.id) == record


def test_a_stage_that_only_builds_leaves_nothing_to_roll_back(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.carry("aaa")
    record = interrupt(played, played.hang("Synth", of="bbb"))
    assert (record.status, record.stages["Build"].rollback) == (Status.STOPPED, None)


def test_a_second_interruption_stops_the_rollback_too(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    begun = [asyncio.Event(), asyncio.Event()]
    left = iter(begun)

    async def hang(_action: Action, _work: Work) -> Mapping[str, str]:
        next(left).set()
        await asyncio.Event().wait()
        return {}

    played.instead["Deploy"] = hang
    record = interrupt(played, *begun)
    rollback = record.stages["Local"].rollback
    assert rollback == Rollback(status=Status.STOPPED, to=good.id, cause="signal 1")
    assert record.status is Status.STOPPED


def test_one_interruption_does_not_stop_the_rollback_of_a_failure(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    begun, go_on = asyncio.Event(), asyncio.Event()
    played.tell = lambda line: go_on.set() if "once more stops" in line else None

    async def fail_then_wait(_action: Action, work: Work) -> Mapping[str, str]:
        if work.commit == "bbb":
            raise ActionFailed("it broke")
        begun.set()
        await go_on.wait()
        return {}

    played.instead["Deploy"] = fail_then_wait
    record = interrupt(played, begun)
    assert record.stages["Local"].rollback == Rollback(status=Status.SUCCEEDED, to=good.id)
    assert (record.status, record.cause) == (Status.FAILED, "Local: Deploy: it broke")


def test_two_interruptions_stop_the_rollback_of_a_failure(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.carry("aaa")
    begun, warned = asyncio.Event(), asyncio.Event()
    played.tell = lambda line: warned.set() if "once more stops" in line else None

    async def fail_then_hang(_action: Action, work: Work) -> Mapping[str, str]:
        if work.commit == "bbb":
            raise ActionFailed("it broke")
        begun.set()
        await asyncio.Event().wait()
        return {}

    played.instead["Deploy"] = fail_then_hang
    rollback = interrupt(played, begun, warned).stages["Local"].rollback
    assert rollback is not None
    assert (rollback.status, rollback.cause) == (Status.STOPPED, "signal 1")


def test_an_action_that_clears_up_slowly_is_waited_for(tmp_path: Path) -> None:
    played = Played(tmp_path)
    begun = asyncio.Event()
    cleared: list[str] = []

    async def clear_up(_action: Action, _work: Work) -> Mapping[str, str]:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            for _ in range(5):
                await asyncio.sleep(0)
            cleared.append("all of it")
        return {}

    played.instead["Synth"] = clear_up
    interrupt(played, begun)
    assert cleared == ["all of it"]


def test_when_nobody_listens_any_more_what_is_under_way_is_rolled_back(tmp_path: Path) -> None:
    local = stage("Local", action("Prepare"), action("Deploy", order=2, category="Deploy"))
    played = Played(tmp_path, pipeline(local))
    good = played.carry("aaa")
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        if "✓ Prepare" in line:
            raise BrokenPipeError("broken pipe")

    played.tell = tell
    record = played.carry("bbb")
    assert "✓ Prepare" in said[-1]  # nothing is said to a pipe that is broken
    assert (record.status, record.cause) == (Status.STOPPED, "Local: nobody listens: broken pipe")
    assert record.stages["Local"].rollback == Rollback(status=Status.SUCCEEDED, to=good.id)
    assert played.history.read(record.id) == record


def test_a_signal_and_then_nobody_who_listens_is_one_interruption(tmp_path: Path) -> None:
    """Ctrl-C of a push ends both this process's work and whoever passes its words on."""
    played = Played(tmp_path)
    good = played.carry("aaa")
    begun = played.hang("Deploy", of="bbb")

    def tell(_line: str) -> None:
        if begun.is_set():
            raise BrokenPipeError("broken pipe")

    played.tell = tell
    record = interrupt(played, begun)
    assert record.status is Status.STOPPED
    assert record.stages["Local"].rollback == Rollback(status=Status.SUCCEEDED, to=good.id)


def test_between_stages_there_is_nothing_to_roll_back(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.carry("aaa")

    def tell(line: str) -> None:
        if line == "Stage Local":
            raise BrokenPipeError("broken pipe")

    played.tell = tell
    record = played.carry("bbb")
    assert record.status is Status.STOPPED
    assert "Local" not in record.stages


def test_the_last_line_may_go_unheard(tmp_path: Path) -> None:
    played = Played(tmp_path)

    def tell(line: str) -> None:
        if "Succeeded" in line:
            raise BrokenPipeError

    played.tell = tell
    assert played.carry("aaa").status is Status.SUCCEEDED
