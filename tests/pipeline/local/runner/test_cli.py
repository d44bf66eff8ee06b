"""The command line takes a push, carries it, and says in a sentence what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.local.runner import cli, deliveries
from pipeline.local.runner.action import Work
from pipeline.local.runner.definition import Action
from pipeline.local.runner.record import Status
from tests.pipeline.local.runner.played_platform import PlayedPlatform, interrupted, line, says

REFUSED = "The pipeline takes main and no other branch, not refs/heads/topic: git push local HEAD:main"


def test_a_push_that_can_be_carried_is_let_pass(platform: PlayedPlatform) -> None:
    assert says(platform.run("check", pushed=line("a"), options="approve")) == (0, "", "")
    assert platform.records == []


def test_another_branch_is_refused(platform: PlayedPlatform) -> None:
    result = platform.run("check", pushed=line("a") + line("a", "refs/heads/topic"))
    assert says(result) == (1, "", f"{REFUSED}\n")


def test_an_unknown_option_is_refused(platform: PlayedPlatform) -> None:
    result = platform.run("check", pushed=line("a"), options="now")
    assert says(result) == (1, "", "The pipeline knows the push option approve, not now.\n")


@pytest.mark.parametrize("command", [("check",), ("start",), ("resume", "some", "--approve")])
def test_a_platform_that_does_not_run_is_deployed_to_by_nobody(
    platform: PlayedPlatform, command: tuple[str, ...]
) -> None:
    platform.down = ["secondary"]
    platform.head_is_there()
    result = platform.run(*command, pushed=line("a"))
    assert result.exit_code == 1
    assert result.stderr.startswith("The platform lacks secondary: start it")
    assert platform.played.performed == []


def test_what_was_pushed_is_carried_until_somebody_must_approve(platform: PlayedPlatform) -> None:
    result = platform.push()
    assert result.exit_code == 0
    (record,) = platform.records
    assert (record.commit, record.waiting) == (platform.commit, ("LocalprodApproval", "Approve"))
    assert platform.played.performed == [("Deploy", platform.commit)]
    assert "Stage Local\n" in result.stdout
    where = f"--port {platform.layout.port} --state {platform.layout.state}"
    told = f"It waits for Approve: .venv/bin/python -m pipeline.local.runner resume --approve {where}\n"
    assert result.stdout.endswith(told)
    assert platform.settled == [platform.layout]


def test_what_was_approved_with_the_push_goes_all_the_way(platform: PlayedPlatform) -> None:
    result = platform.push(options="approve")
    assert result.exit_code == 0
    assert platform.records[0].status is Status.SUCCEEDED
    assert [name for name, _ in platform.played.performed] == ["Deploy", "DeployProd"]
    assert "waits" not in result.stdout


def test_what_fails_is_status_1_and_what_stands_is_saved(platform: PlayedPlatform) -> None:
    platform.played.fail("Deploy")
    result = platform.push()
    assert result.exit_code == 1
    assert "Local: Deploy: it broke" in result.stdout
    assert platform.settled == [platform.layout]


def test_a_commit_that_is_not_there_is_one_sentence(platform: PlayedPlatform) -> None:
    result = platform.run("receive", pushed=line("f" * 40))
    assert result.exit_code == 1
    assert result.stderr.startswith("git log in ")
    assert platform.records == []


def test_a_signal_stops_an_execution_and_what_stands_is_saved(platform: PlayedPlatform) -> None:
    async def interrupt(_action: Action, _work: Work) -> Mapping[str, str]:
        await interrupted()
        return {}

    platform.played.instead["Deploy"] = interrupt
    assert platform.push().exit_code == 1
    assert (platform.records[0].status, platform.records[0].cause) == (Status.STOPPED, "Local: Interrupt")
    assert platform.settled == [platform.layout]


def test_a_signal_while_what_stands_is_saved_is_one_sentence(platform: PlayedPlatform) -> None:
    platform.interrupts = True
    result = platform.push()
    assert "✗ Interrupt\n" in result.stdout
    assert platform.settled == []


def test_the_commit_that_was_pushed_last_is_carried_once_more(platform: PlayedPlatform) -> None:
    platform.head_is_there()
    assert platform.run("start").exit_code == 0
    assert platform.records[-1].waiting
    assert platform.run("start", "--approve").exit_code == 0
    assert platform.records[-1].status is Status.SUCCEEDED
    assert [record.commit for record in platform.records] == [platform.commit] * 2


def test_before_the_first_push_there_is_nothing_to_start(platform: PlayedPlatform) -> None:
    assert says(platform.run("start")) == (1, "", "Nothing was pushed yet.\n")


def test_every_execution_is_listed_the_last_one_last(platform: PlayedPlatform) -> None:
    platform.push(options="approve")
    platform.push()
    listed = platform.run("list").stdout.splitlines()
    assert listed == [deliveries.line(each) for each in platform.records]
    assert [record.status for record in platform.records] == [Status.SUCCEEDED, Status.IN_PROGRESS]


def test_a_folder_that_holds_no_execution_is_warned_of(platform: PlayedPlatform) -> None:
    (platform.played.history.folder / "strange").mkdir(parents=True)
    result = platform.run("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "strange holds no execution" in result.stderr


def test_a_port_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.app, ["list", "--port", "70000", "--state", str(tmp_path)])
    assert says(result) == (1, "", "The port must be between 1024 and 65530, not 70000.\n")


def test_where_the_platform_is_may_come_from_the_environment(platform: PlayedPlatform) -> None:
    platform.head_is_there()
    environment = {"PORT": str(platform.layout.port), "PLATFORM_STATE": str(platform.layout.state)}
    assert CliRunner().invoke(cli.app, ["start"], env=environment).exit_code == 0
    assert len(platform.records) == 1
