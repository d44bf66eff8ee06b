"""The command line of the drills, on a stage in place of every venue."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.drill import cli
from tests.pipeline.drill.command_line import SCENARIOS, Run
from tests.pipeline.drill.short import in_no_time
from tests.pipeline.drill.staged import Staged
from tests.pipeline.drill.staged_venue import StagedVenue


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def run(state: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line with the state below the test's folder."""
    monkeypatch.delenv("PORT", raising=False)
    return lambda *arguments: CliRunner().invoke(cli.app, [*arguments, "--state", str(state)])


@pytest.fixture
def on_stage(monkeypatch: pytest.MonkeyPatch) -> Staged:
    """A stage in place of every venue."""
    in_no_time(monkeypatch)
    staged = Staged()
    monkeypatch.setattr(cli, "venue", lambda *_: StagedVenue(staged, SCENARIOS))
    return staged


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Have Ctrl-C interrupt as at a terminal: a job in the background is started deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
