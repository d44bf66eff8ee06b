"""A drill that could not be held is no miss: it ends with 2, or 130, and says what is left of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.drill import cli
from pipeline.drill.faults import FaultError
from pipeline.drill.lock import drilling
from pipeline.drill.scenarios import FROZEN
from pipeline.drill.step import Fault
from pipeline.local import platform
from pipeline.local.layout import Layout
from tests.pipeline.drill.command_line import Run, folder, interrupt
from tests.pipeline.drill.staged import Staged


@pytest.mark.parametrize("arguments", [("run",), ("run", "drill-killed"), ("all",)])
def test_a_platform_that_is_down_is_2_and_says_make_up(
    run: Run, state: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "lacks primary, secondary, dns, front-door: start it with `make up`." in result.stderr
    assert not any(path.is_dir() for path in (state / "drills").iterdir())


def test_a_platform_that_another_drill_holds_is_2(run: Run, state: Path) -> None:
    with drilling(state / "drill.lock"):
        result = run("run")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "Another drill holds this platform, or is being put right: wait for it to end."
    ]


def test_a_platform_that_make_up_holds_is_2(run: Run, state: Path) -> None:
    with platform.exclusive(Layout(state=state)):
        result = run("run")
    assert result.exit_code == 2
    assert result.stderr == "Another command is changing the platform: wait for it to end.\n"


def test_a_fault_that_fails_is_2_and_says_where_the_evidence_is(
    run: Run, on_stage: Staged, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(fault: Fault) -> None:
        raise FaultError(f"{fault} could not be injected. " + "By hand: make status. " * 20)

    monkeypatch.setattr(on_stage.faults, "inject", unable)
    result = run("run")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"The evidence so far: {folder(state)}",
        f"{FROZEN} could not be injected. " + "By hand: make status. " * 20,
    ]


def test_what_could_not_be_put_right_is_2_and_said(run: Run, on_stage: Staged) -> None:
    on_stage.faults.resists = {FROZEN}
    result = run("run")
    assert result.exit_code == 2
    assert f"Still disturbed, for the drill's watchdog to put right now: {FROZEN}" in result.stderr


def test_a_report_that_cannot_be_written_is_2(
    run: Run, on_stage: Staged, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.drill.whole.write", full)
    result = run("run")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, "No space left on device")
    assert (folder(state) / "ledger.jsonl").exists()
    assert on_stage.done[-1] == "closed"


def test_an_error_that_nobody_foresaw_is_2_and_not_a_miss(
    run: Run, on_stage: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unforeseen(_fault: Fault) -> None:
        raise LookupError("nobody foresaw this")

    monkeypatch.setattr(on_stage.faults, "inject", unforeseen)
    result = run("run")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr
    assert result.stderr.endswith("LookupError: nobody foresaw this\n")


def test_an_interruption_heals_and_is_130(
    run: Run, on_stage: Staged, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_stage.faults, "inject", interrupt)
    result = run("run", "endless")
    assert result.exit_code == 130
    assert result.stderr.splitlines() == [f"The evidence so far: {folder(state)}", "Interrupted."]
    assert on_stage.done[-3:] == [f"undo {FROZEN}", "guard is left", "closed"]


def test_a_second_interruption_leaves_the_rest_to_the_watchdog_and_says_so(
    run: Run, on_stage: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_stage.faults, "inject", interrupt)
    monkeypatch.setattr(on_stage.faults, "undo", interrupt)
    result = run("run", "endless")
    assert result.exit_code == 130
    assert f"Still disturbed, for the drill's watchdog to put right now: {FROZEN}" in result.stderr


def test_drills_of_one_second_are_told_apart_by_an_error(
    run: Run, on_stage: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(cli, "datetime", SimpleNamespace(now=lambda _: noon))
    assert run("run").exit_code == 0
    result = run("run")
    assert result.exit_code == 2
    assert "20300101T120000Z-short is there already" in result.stderr
    assert on_stage.done.count("opened") == 1
