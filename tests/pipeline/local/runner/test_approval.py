"""An approval is answered beforehand, at a terminal, or later; a newer execution supersedes an older."""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path

import pytest

from pipeline.local.runner.approval import AtTerminal, Beforehand, Decision, Nobody
from pipeline.local.runner.definition import Definition
from pipeline.local.runner.engine import NotWaiting
from pipeline.local.runner.record import Record, Status
from tests.pipeline.local.runner.staged import Played, action, pipeline, stage

SAYS = {"CustomData": "Drill: #{Drill.VERDICT} | All: #{Review.VERDICT}", "ExternalEntityLink": "file:///log"}


def approved() -> Definition:
    return pipeline(
        stage("Local", action("Drill", namespace="Drill")),
        stage(
            "Approval",
            action("Review", namespace="Review"),
            action("Approve", category="Approval", order=2, says=SAYS),
        ),
        stage("Prod", action("Deploy", category="Deploy")),
    )


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return Played(tmp_path, approved())


def answer(text: bytes) -> tuple[Decision, str]:
    """What becomes of an answer at a terminal, and what was shown there."""
    ours, theirs = os.openpty()
    settings = termios.tcgetattr(theirs)
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    record = Record.queued(commit="abcdef012", subject="Do it", committed_at=1.0, pushed_at=2.0)
    try:
        os.write(ours, text)
        ask = AtTerminal(terminal=theirs).ask(action("Approve"), "One | Two\nThree", "file:///log", record)
        decision = asyncio.run(ask)
    finally:
        os.close(theirs)
    with FileIO(ours) as screen:
        return decision, b"".join(shown_on(screen)).decode()


def shown_on(screen: FileIO) -> Iterator[bytes]:
    """All that was written to a terminal whose other end is closed, which reading ends with an error."""
    with suppress(OSError):
        while shown := screen.read(4096):
            yield shown


def test_it_waits_without_a_process_where_there_is_nobody(played: Played) -> None:
    record = played.carry("aaa")
    assert (record.status, record.waiting, record.process) == (
        Status.IN_PROGRESS,
        ("Approval", "Approve"),
        None,
    )
    assert [name for name, _ in played.performed] == ["Drill", "Review"]
    assert not record.abandoned


def test_it_goes_on_when_it_is_approved_and_does_nothing_twice(played: Played) -> None:
    waiting = played.carry("aaa")
    record = asyncio.run(played.engine().resume(waiting.id, Decision.APPROVED))
    assert record.status is Status.SUCCEEDED
    assert [name for name, _ in played.performed] == ["Drill", "Review", "Deploy"]
    assert record.stages["Approval"].status is Status.SUCCEEDED


def test_rejected_it_has_failed_and_nothing_is_rolled_back(played: Played) -> None:
    played.approver = Beforehand()
    played.carry("aaa")
    played.approver = Nobody()
    record = asyncio.run(played.engine().resume(played.carry("bbb").id, Decision.REJECTED))
    assert (record.status, record.cause) == (Status.FAILED, "Approval: Approve: rejected")
    assert record.stages["Approval"].rollback is None


def test_said_beforehand_nobody_is_asked(played: Played) -> None:
    played.approver = Beforehand()
    assert played.carry("aaa").status is Status.SUCCEEDED


def test_what_was_said_of_one_approval_says_nothing_of_another() -> None:
    record = Record.queued(commit="abc", subject="", committed_at=1.0, pushed_at=2.0)
    ask = Beforehand(action="Approve").ask(action("Other"), "", "", record)
    assert asyncio.run(ask) is Decision.WAITING


def test_a_newer_execution_at_the_same_approval_supersedes_the_one_that_waits(played: Played) -> None:
    older, newer = played.carry("aaa"), played.carry("bbb")
    superseded = played.history.read(older.id)
    assert superseded.status is superseded.stages["Approval"].status is Status.SUPERSEDED
    assert newer.id in superseded.cause
    with pytest.raises(NotWaiting, match="Superseded"):
        asyncio.run(played.engine().resume(older.id, Decision.APPROVED))


def test_an_older_execution_at_the_same_approval_leaves_the_newer_one_waiting(played: Played) -> None:
    older = played.pushed("zzz")
    newer = played.carry("aaa")
    asyncio.run(played.engine().carry(older))
    assert played.history.read(newer.id).waiting == ("Approval", "Approve")


def test_an_answer_is_for_the_approval_that_was_waited_for_alone(played: Played) -> None:
    other = stage("More", action("Again", category="Approval"))
    played.definitions = [pipeline(*approved().stages, other)]
    record = asyncio.run(played.engine().resume(played.carry("aaa").id, Decision.APPROVED))
    assert record.waiting == ("More", "Again")


def test_a_newer_execution_that_fails_before_the_approval_leaves_it_waiting(played: Played) -> None:
    older = played.carry("aaa")
    played.fail("Drill", of="bbb")
    played.carry("bbb")
    assert played.history.read(older.id).waiting == ("Approval", "Approve")


def test_a_stage_that_is_no_more_when_it_goes_on_fails_it(played: Played) -> None:
    waiting = played.carry("aaa")
    played.definitions = [pipeline(stage("Other", action("Other")))]
    record = asyncio.run(played.engine().resume(waiting.id, Decision.APPROVED))
    assert (record.status, record.cause) == (Status.FAILED, "the pipeline has no stage Approval any more")


def test_the_terminal_shows_the_comment_line_by_line_and_takes_a_yes() -> None:
    decision, shown = answer(b"Y\n")
    assert decision is Decision.APPROVED
    lines = shown.replace("\r", "").splitlines()
    assert [line for line in lines if line.startswith("  ")] == ["  One", "  Two", "  Three", "  file:///log"]
    assert "Approve: may abcdef0 (Do it) go on?" in lines


@pytest.mark.parametrize("text", [b"\n", b"n\n", b"no\n"])
def test_anything_like_a_no_is_one(text: bytes) -> None:
    assert answer(text)[0] is Decision.REJECTED


def test_what_is_neither_is_asked_again() -> None:
    decision, shown = answer(b"maybe\nyes\n")
    assert (decision, shown.count("[y/N]")) == (Decision.APPROVED, 2)


def test_the_end_of_input_leaves_it_waiting() -> None:
    assert answer(b"\x04")[0] is Decision.WAITING


@pytest.fixture
def gone() -> Iterator[int]:
    ours, theirs = os.openpty()
    os.close(ours)
    yield theirs
    os.close(theirs)


def test_a_terminal_that_is_gone_leaves_it_waiting(gone: int) -> None:
    record = Record.queued(commit="abc", subject="", committed_at=1.0, pushed_at=2.0)
    ask = AtTerminal(terminal=gone).ask(action("Approve"), "", "", record)
    assert asyncio.run(ask) is Decision.WAITING


def test_the_question_has_what_the_drill_and_the_review_found(played: Played) -> None:
    asked: list[tuple[str, str]] = []

    class Note:
        async def ask(self, _action: object, comment: str, url: str, _record: Record) -> Decision:
            asked.append((comment, url))
            return Decision.WAITING

    played.approver = Note()
    played.carry("aaa")
    assert asked == [("Drill: aaa is well | All: aaa is well", "file:///log")]
