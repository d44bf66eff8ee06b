"""All drills are held one after the other, and summed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.drill import cli
from tests.pipeline.drill.command_line import Run, interrupt
from tests.pipeline.drill.staged import Staged


@pytest.fixture
def one_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every drill begin in a second of its own."""
    seconds = iter(datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=number) for number in range(60))
    monkeypatch.setattr(cli, "datetime", SimpleNamespace(now=lambda _: next(seconds)))


@pytest.mark.usefixtures("one_a_second")
@pytest.mark.parametrize(
    ("names", "exit_code", "words"),
    [
        (["short"], 0, ["met"]),
        (["missed", "short"], 1, ["missed", "met"]),
        (["unheard-of", "short", "missed"], 2, ["could not run", "met", "missed"]),
    ],
)
def test_every_drill_is_held_whatever_became_of_the_ones_before(
    run: Run,
    on_stage: Staged,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    exit_code: int,
    words: list[str],
) -> None:
    monkeypatch.setattr(cli, "SCENARIOS", dict.fromkeys(names))
    result = run("all")
    assert result.exit_code == exit_code
    table = result.stdout.partition("Failover drills")[2].splitlines()[2:]
    assert [line.startswith(f"{name} ") for name, line in zip(names, table, strict=False)] == [True] * len(
        names
    )
    assert [word in line for word, line in zip(words, table, strict=False)] == [True] * len(names)
    page = (state / "drills" / "index.html").read_text(encoding="utf-8")
    assert page.count("/report.html") == len(names) - words.count("could not run")
    assert result.stdout.endswith(f"{state / 'drills' / 'index.html'}\n")
    assert on_stage.done[-1] == "closed"


@pytest.mark.usefixtures("one_a_second")
def test_every_drill_is_held_as_often_as_asked_for(
    run: Run, on_stage: Staged, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "SCENARIOS", dict.fromkeys(["short", "missed"]))
    run("all", "--times", "2")
    names = sorted(path.name.partition("-")[2] for path in (state / "drills").iterdir() if path.is_dir())
    assert names == ["missed", "missed", "short", "short"]
    assert on_stage.done.count("closed") == 4


@pytest.mark.usefixtures("one_a_second")
def test_an_interruption_ends_all_drills(run: Run, on_stage: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "SCENARIOS", dict.fromkeys(["endless", "short"]))
    monkeypatch.setattr(on_stage.faults, "inject", interrupt)
    assert run("all").exit_code == 130
    assert on_stage.done.count("opened") == 1
