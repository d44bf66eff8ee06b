"""An execution that waits goes on when somebody says so, and is named where it does not wait."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.local.runner.record import Status, identify
from tests.pipeline.local.runner.played_platform import PlayedPlatform, says


@pytest.mark.parametrize(
    ("decision", "exit_code", "status"),
    [("--approve", 0, Status.SUCCEEDED), ("--reject", 1, Status.FAILED)],
)
def test_an_execution_that_waits_goes_on_as_is_decided(
    platform: PlayedPlatform, decision: str, exit_code: int, status: Status
) -> None:
    platform.push()
    assert platform.run("resume", decision).exit_code == exit_code
    assert platform.records[0].status is status
    assert len(platform.settled) == 2


@pytest.mark.parametrize(
    ("named", "statuses"),
    [(False, [Status.SUPERSEDED, Status.FAILED]), (True, [Status.FAILED, Status.IN_PROGRESS])],
)
def test_the_last_that_waits_goes_on_unless_another_is_named(
    platform: PlayedPlatform, named: bool, statuses: list[Status]
) -> None:
    platform.push()
    (last,) = platform.records
    first = replace(last, id=identify(last.commit, 1.0), pushed_at=1.0)
    platform.played.history.write(first)
    assert platform.run("resume", *([first.id] if named else []), "--reject").exit_code == 1
    assert [record.status for record in platform.records] == statuses


def test_an_execution_that_waits_no_more_cannot_be_resumed(platform: PlayedPlatform) -> None:
    platform.push()
    platform.push()
    first, _ = platform.records
    result = platform.run("resume", first.id, "--approve")
    assert says(result)[::2] == (1, f"{first.id} waits for no approval: it is Superseded.\n")


def test_when_none_waits_there_is_nothing_to_resume(platform: PlayedPlatform) -> None:
    platform.push(options="approve")
    assert says(platform.run("resume", "--approve")) == (1, "", "No execution waits for an approval.\n")


def test_an_execution_that_is_not_there_cannot_be_resumed(platform: PlayedPlatform) -> None:
    result = platform.run("resume", "nowhere", "--approve")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert result.stderr.count("\n") == 1


def test_to_resume_without_a_decision_is_status_2(platform: PlayedPlatform) -> None:
    assert platform.run("resume").exit_code == 2
