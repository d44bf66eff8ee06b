"""Drills on a stage, by the command line."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from typer.testing import Result

from pipeline.drill.scenario import Scenario
from pipeline.drill.step import Do, Fault, Role, Step
from tests.pipeline.drill.short import FOR_EVER, short

IN_VAIN = Step(do=Do.AWAIT_ANSWERED, role=Role.SECONDARY, seconds=1, why="It turns.")
SCENARIOS: Mapping[str, Scenario] = {
    "short": short(),
    "missed": short(IN_VAIN, name="missed"),
    "endless": short(FOR_EVER, name="endless"),
    "wordy": short(Step(do=Do.CARRY_ON, seconds=1, why="Clients work. " * 100), name="wordy"),
}

Run = Callable[..., Result]


def folder(state: Path) -> Path:
    (found,) = [path for path in (state / "drills").iterdir() if path.is_dir()]
    return found


def interrupt(_fault: Fault) -> None:
    os.kill(os.getpid(), signal.SIGINT)
