"""The append-only file of every attempt: an intent before it is sent, its end after."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.drill.attempt import Answered, Asked, Attempt


class LedgerDamagedError(Exception):
    """A line other than one that was cut off at the end does not belong in a ledger."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file: either of the two."""

    asked: Asked | None = None
    answered: Answered | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a ledger holds, in the order in which it was asked.

    `torn_line` is the number of a last line that was cut off, as when the drill was killed. Such a line is
    an end that was not written, which leaves its attempt unknown, or an intent of which nothing was sent yet.
    """

    attempts: Sequence[Attempt]
    torn_line: int | None


class Ledger:
    """Writes attempts to a new file; threads may share it.

    Each line is given to the operating system before the call returns, so a drill that is killed has told all
    that it did. It is not forced to disk: a ledger does not outlive its machine, and neither does a drill.

    Raises:
        FileExistsError: there is a file, which may be the evidence of another drill.
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._turn = threading.Lock()
        self._encoder = msgspec.json.Encoder()

    def ask(self, asked: Asked) -> None:
        """Record what is about to be sent; raises OSError, and then it must not be sent."""
        self._append({"asked": asked})

    def answer(self, answered: Answered) -> None:
        """Record how an attempt ended; raises OSError."""
        self._append({"answered": answered})

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _append(self, line: dict[str, Asked | Answered]) -> None:
        view = memoryview(self._encoder.encode(line) + b"\n")
        with self._turn:
            while view:
                view = view[os.write(self._file, view) :]


def read(path: Path) -> Reading:
    """Return all attempts of a ledger.

    Raises:
        LedgerDamagedError: names the first line that is not one of a ledger, that answers what was not asked,
            or that repeats an attempt's id.
        OSError: the file cannot be read.
    """
    asked: dict[str, Asked] = {}
    answered: dict[str, Answered] = {}
    torn_line = None
    for number, text in _lines(path):
        if not text.endswith(b"\n"):
            torn_line = number
            break
        try:
            _take(text, asked, answered)
        except ValueError as error:  # msgspec's errors are ValueErrors
            raise LedgerDamagedError(f"{path}, line {number}: {error}") from error
    attempts = [Attempt(asked=request, answered=answered.get(request.id)) for request in asked.values()]
    return Reading(attempts=attempts, torn_line=torn_line)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the numbered lines."""
    with path.open("rb") as file:
        yield from enumerate(file, start=1)


_DECODER = msgspec.json.Decoder(Line)


def _take(text: bytes, asked: dict[str, Asked], answered: dict[str, Answered]) -> None:
    """Add a line to what is known; raises ValueError."""
    line = _DECODER.decode(text)
    match line.asked, line.answered:
        case Asked() as request, None:
            if request.id in asked:
                raise ValueError(f"attempt {request.id} was asked before")
            asked[request.id] = request
        case None, Answered() as end:
            if end.id not in asked:
                raise ValueError(f"attempt {end.id} was never asked")
            if end.id in answered:
                raise ValueError(f"attempt {end.id} has an end already")
            answered[end.id] = end
        case _:
            raise ValueError("neither an intent nor an end")
