"""The exit status of a drill says how it ended, and what is printed says the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.drill import cli
from pipeline.drill.scenarios import FROZEN, SCENARIOS
from pipeline.drill.whole import Venue
from pipeline.local.layout import Layout
from tests.pipeline.drill.command_line import SCENARIOS as STAGED
from tests.pipeline.drill.command_line import Run, folder
from tests.pipeline.drill.staged import Staged
from tests.pipeline.drill.staged_venue import StagedVenue


def test_a_drill_that_meets_its_objectives_ends_with_0(run: Run, on_stage: Staged, state: Path) -> None:
    result = run("run")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\nmet: 0 of 0 acknowledged writes missing\n" in result.stdout
    assert str(folder(state) / "report.html") in result.stdout.splitlines()
    assert on_stage.done[-1] == "closed"


def test_one_that_misses_them_ends_with_1(run: Run, on_stage: Staged, state: Path) -> None:
    result = run("run", "missed")
    assert result.exit_code == 1
    assert "\nmissed: 0 of 0 acknowledged writes missing, not in time: step 2\n" in result.stdout
    assert (folder(state) / "report.html").exists()
    assert on_stage.done[-1] == "closed"


@pytest.mark.parametrize(("scenario", "exit_code"), [("short", 0), ("missed", 1)])
def test_json_is_all_that_there_is_on_standard_output(
    run: Run, on_stage: Staged, state: Path, scenario: str, exit_code: int
) -> None:
    result = run("run", scenario, "--json")
    assert result.exit_code == exit_code
    assert json.loads(result.stdout) == json.loads((folder(state) / "report.json").read_bytes())
    assert result.stderr == f"{scenario}: It runs.\n"
    assert on_stage.done


def test_reports_may_go_to_another_folder_than_that_of_the_state(
    run: Run, on_stage: Staged, state: Path, tmp_path: Path
) -> None:
    assert run("run", "--reports", str(tmp_path / "reports")).exit_code == 0
    (kept,) = (tmp_path / "reports").iterdir()
    assert (kept / "report.html").exists()
    assert not state.exists()
    assert on_stage.done[-1] == "closed"


def test_the_platform_may_be_named_by_the_environment(
    on_stage: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouts: list[Layout] = []
    staged = StagedVenue(on_stage, STAGED)

    def venue(_name: str, layout: Layout, _scale: float) -> Venue:
        layouts.append(layout)
        return staged

    monkeypatch.setattr(cli, "venue", venue)
    environment = {"PORT": "9180", "PLATFORM_STATE": str(tmp_path / "named")}
    assert CliRunner().invoke(cli.app, ["run"], env=environment).exit_code == 0
    assert layouts == [Layout(port=9180, state=tmp_path / "named")]
    assert folder(tmp_path / "named").exists()
    assert on_stage.done[-1] == "closed"


def test_a_drill_that_could_not_be_held_prints_no_json(run: Run, on_stage: Staged) -> None:
    on_stage.faults.resists = {FROZEN}
    result = run("run", "--json")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_dry_run_prints_the_plan_and_does_nothing(run: Run, on_stage: Staged, state: Path) -> None:
    result = run("run", "--dry-run")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "# short\naws nothing\n", "")
    assert on_stage.done == []
    assert not state.exists()


def test_a_dry_run_needs_no_platform(run: Run, state: Path) -> None:
    result = run("run", "region-loss", "--dry-run", "--time-scale", "10")
    assert result.exit_code == 0
    assert "# region-loss, local: The primary Region is gone" in result.stdout
    assert not state.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("earthquake",), "There is no scenario 'earthquake'; known are region-outage, "),
        (("earthquake", "--dry-run"), "There is no scenario 'earthquake'"),
        (("--on", "nowhere"), "nowhere"),
        (("--port", "70000"), "The port must be between 1024 and 65530, not 70000."),
        (("--time-scale", "0.5"), "--time-scale"),
        (("--sideways",), "No such option"),
    ],
)
def test_what_there_is_not_is_a_sentence_and_2(
    run: Run, state: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run("run", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert not state.exists()


def test_progress_has_a_line_for_each_step_however_much_there_is_to_say(run: Run, on_stage: Staged) -> None:
    lines = run("run", "wordy").stdout.splitlines()
    steps = [line.partition(" s  ") for line in lines if "/3 " in line]
    assert [(float(at) >= 0, what.partition(":")[0]) for at, _, what in steps] == [
        (True, "1/3 break"),
        (True, "2/3 carry-on"),
        (True, "3/3 heal"),
    ]
    assert "\x1b" not in "".join(lines)
    assert on_stage.done


def test_scenarios_are_listed_with_what_they_believe() -> None:
    result = CliRunner().invoke(cli.app, ["list"])
    assert result.exit_code == 0
    assert [line.partition(" ")[0] for line in result.stdout.splitlines()] == list(SCENARIOS)
