"""The exit status of a restore drill says how it ended, and what is printed says the rest."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.restore import cli
from pipeline.restore.folder import Folder
from pipeline.restore.scenarios import SCENARIOS
from tests.pipeline.restore.short import FOR_EVER, OF_ONE, TO_VERIFY, WHOLE, in_no_time, scenario
from tests.pipeline.restore.staged import FORMER, Stage
from tests.pipeline.restore.staged_venue import StagedVenue
from tests.pipeline.restore.undoing import Hearing

Run = Callable[..., Result]
STAGED = {
    "table-restore": WHOLE,
    "user-restore": scenario(*OF_ONE, name="user-restore"),
    "endless": scenario(*TO_VERIFY, FOR_EVER, *OF_ONE[2:], name="endless"),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("PORT", raising=False)
    state = str(tmp_path / "state")
    return lambda *arguments: CliRunner().invoke(cli.app, [*arguments, "--state", state])


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    stage = Stage()
    monkeypatch.setattr(cli, "venue", lambda _: StagedVenue(stage))
    monkeypatch.setattr(cli, "SCENARIOS", {name: STAGED[name] for name in ("table-restore", "user-restore")})
    monkeypatch.setattr(cli, "named", lambda name: STAGED[name])
    return stage


def test_one_that_is_met_ends_with_0(run: Run, stage: Stage) -> None:
    result = run("run", "user-restore", "--users", "9")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\nmet: 1 of 1 damaged users repaired, 0 of " in result.stdout
    assert "report.html" in result.stdout
    assert stage.done[-1] == "closed"


def test_one_that_is_missed_ends_with_1(run: Run, stage: Stage) -> None:
    result = run("run", "table-restore", "--users", "9")
    assert result.exit_code == 1
    assert "\nmissed: " in result.stdout
    assert stage.done[-1] == "closed"


def test_one_that_cannot_be_held_ends_with_2_and_the_other_is_held_all_the_same(
    run: Run, stage: Stage
) -> None:
    stage.stubborn.add("validator")
    result = run("run", "--users", "9")
    assert result.exit_code == 2
    assert "table-restore could not be held: verify users-local in eu-west-1 failed: " in result.stderr
    assert "\nmet: 1 of 1 damaged users repaired" in result.stdout
    assert stage.serving == [FORMER]


def test_json_is_all_that_there_is_on_standard_output(run: Run, stage: Stage) -> None:
    one = json.loads(run("run", "user-restore", "--json", "--users", "9").stdout)
    assert (one["scenario"], one["met"]) == ("user-restore", True)
    assert stage.done[-1] == "closed"


def test_of_several_the_json_is_a_list(run: Run, stage: Stage) -> None:
    several = json.loads(run("run", "--json", "--users", "9").stdout)
    assert [each["scenario"] for each in several] == ["table-restore", "user-restore"]
    assert stage.done[-1] == "closed"


def test_ctrl_c_puts_all_right_and_ends_with_130(
    run: Run, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(line: str) -> None:
        if FOR_EVER.why in line and "10/" in line:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(cli, "progress", lambda: Hearing(interrupt).append)
    result = run("run", "endless", "--users", "9")
    assert result.exit_code == 130
    assert "Interrupted." in result.stderr
    (folder,) = (tmp_path / "state" / "restores").iterdir()
    assert Folder(path=folder).disturbances.all == []
    assert stage.serving == [FORMER]


@pytest.mark.parametrize("on", ["beta", "prod"])
def test_nothing_is_damaged_on_aws(run: Run, stage: Stage, on: str) -> None:
    result = run("run", "--on", on)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "on this machine only" in result.stderr
    assert "pipeline/restore/runbook.md" in result.stderr
    assert stage.done == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("earthquake",), "There is no scenario 'earthquake'; known are table-restore, user-restore."),
        (("--on", "nowhere"), "There is no deployment 'nowhere'"),
        (("--users", "20000"), "--users"),
        (("--users", "2"), "--users"),
        (("--port", "70000"), "The port must be between 1024 and 65530, not 70000."),
    ],
)
def test_what_there_is_not_is_a_sentence_and_2(run: Run, arguments: tuple[str, ...], words: str) -> None:
    result = run("run", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_scenarios_are_listed() -> None:
    result = CliRunner().invoke(cli.app, ["list"])
    assert [line.partition(" ")[0] for line in result.stdout.splitlines()] == list(SCENARIOS)


def test_where_nothing_is_left_there_is_nothing_to_undo(run: Run) -> None:
    result = run("undo")
    assert (result.exit_code, result.stdout) == (0, "Nothing is left to undo.\n")
