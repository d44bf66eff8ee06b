"""Who was damaged, and how they were before: on disk before anything is done to them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

Row = dict[str, dict[str, Any]]


class How(StrEnum):
    """What was done to a user."""

    REWRITTEN = "rewritten"  # a bad deploy rewrote the email
    DELETED = "deleted"  # a script deleted the current row and the claim
    OVERWRITTEN = "overwritten"  # a bad write replaced the whole profile


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One user who is about to be damaged, at a time in seconds since the epoch.

    `current` and `claim` are the user's rows as they are, in DynamoDB's JSON.
    """

    user_id: str
    how: How
    at: float
    current: Row
    claim: Row

    @property
    def email(self) -> str:
        """The email that the user has."""
        return str(self.current["email"]["S"])

    @property
    def version_id(self) -> str:
        """The version that the user is at."""
        return str(self.current["version_id"]["S"])


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file: a user who is about to be damaged, or one who was spared after all."""

    damage: Damage | None = None
    spared: str | None = None


class Damages:
    """The file of all damage; threads may share it.

    Each line is given to the operating system before the call returns. Methods raise OSError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()

    def add(self, damage: Damage) -> None:
        """Note what is about to be done; where that raises, it must not be done."""
        self._append(Line(damage=damage))

    def spare(self, user_id: str) -> None:
        """Note that a user whom somebody else changed meanwhile was left alone."""
        self._append(Line(spared=user_id))

    @property
    def all(self) -> Sequence[Damage]:
        """Everybody who was damaged, or may have been, the first one first; raises ValueError.

        A last line that was cut off is left out: nothing had been done yet.
        """
        found: dict[str, Damage] = {}
        for line in self._lines():
            if line.damage:
                found[line.damage.user_id] = line.damage
            elif line.spared:
                found.pop(line.spared, None)
        return list(found.values())

    @property
    def began_at(self) -> float | None:
        """When the first bad write was about to be sent, None where there is none."""
        return min((line.damage.at for line in self._lines() if line.damage), default=None)

    def _lines(self) -> Iterator[Line]:
        if not self._path.exists():
            return
        for text in self._path.read_bytes().split(b"\n")[:-1]:
            yield msgspec.json.decode(text, type=Line)

    def _append(self, line: Line) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        view = memoryview(msgspec.json.encode(line) + b"\n")
        with self._turn:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                while view:
                    view = view[os.write(file, view) :]
            finally:
                os.close(file)
