"""What a drill did and measured, line by line on disk, so that it can be judged when the drill is dead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.drill.timeline import LagSampled


@dataclass(frozen=True, kw_only=True)
class StepBegan:
    """A step of the scenario, by its place in it, began."""

    at: float
    step: int


@dataclass(frozen=True, kw_only=True)
class StepEnded:
    """A step ended: `done`, or what it waited for did not come in time; `note` says what was seen.

    `struck_at` is when what the step broke was broken, where that was not as soon as the step began.
    """

    at: float
    step: int
    done: bool
    note: str = ""
    struck_at: float | None = None


@dataclass(frozen=True, kw_only=True)
class Restored:
    """All that was disturbed is as it was; `by` the drill or the watchdog."""

    at: float
    by: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file: one of them."""

    began: StepBegan | None = None
    ended: StepEnded | None = None
    restored: Restored | None = None
    lag: LagSampled | None = None


class Diary:
    """Appends lines to a file, which the drill and its watchdog share; raises OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, line: Line) -> None:
        """Write one line."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")


def read(path: Path) -> Sequence[Line]:
    """Return all lines; one that was cut off at the end is left out. Where there is no file, there are none.

    Raises:
        OSError: the file cannot be read.
        ValueError: names the first line that is not one of a diary.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [_line(path, number, line) for number, line in enumerate(lines, start=1)]


def _line(path: Path, number: int, line: bytes) -> Line:
    try:
        return msgspec.json.decode(line, type=Line)
    except ValueError as error:  # msgspec's errors are ValueErrors
        raise ValueError(f"{path}, line {number}: {error}") from error
