"""What was learnt while a table was restored, on disk: what it is judged by when it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

SUCCESSFUL = "SUCCESSFUL"


@dataclass(frozen=True, kw_only=True)
class Noted:
    """The restore point, in RFC 3339, and what was known then; times are seconds since the epoch."""

    at: float
    restore_point: str
    first_bad_at: float
    former: str
    restored: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What the validator said of a table; `users`, `sampled` and `claims` are counts."""

    table: str
    status: str
    message: str = ""
    findings: tuple[dict[str, Any], ...] = ()
    users: int = 0
    sampled: int = 0
    claims: int = 0

    @property
    def sound(self) -> bool:
        """Tell whether it found nothing wrong."""
        return self.status == SUCCESSFUL


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A write that the replay could not take over, and why."""

    user_id: str
    version_id: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What the replay said: how many versions it took over, and what else it did."""

    replayed: int = 0
    rebased: int = 0
    corrupt: int = 0
    deleted: int = 0
    receipts: int = 0
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Which tables are served from, the last one now, since a time."""

    at: float
    tables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One line of the file: one of them."""

    noted: Noted | None = None
    validated: Validated | None = None
    replayed: Replayed | None = None
    changed: Changed | None = None


class Answers:
    """Appends answers to a file, and reads them; methods raise OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, answer: Answer) -> None:
        """Write one line."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(answer) + b"\n")

    @property
    def all(self) -> Sequence[Answer]:
        """All of them; one that was cut off at the end is left out. Raises ValueError."""
        if not self._path.exists():
            return []
        return [msgspec.json.decode(line, type=Answer) for line in self._path.read_bytes().split(b"\n")[:-1]]

    @property
    def noted(self) -> Noted | None:
        """What was noted last, None where nothing was."""
        return next((answer.noted for answer in reversed(self.all) if answer.noted), None)

    @property
    def replayed(self) -> Replayed | None:
        """What the last replay said, None where there was none."""
        return next((answer.replayed for answer in reversed(self.all) if answer.replayed), None)

    @property
    def changed(self) -> Changed | None:
        """The last change of the table that serves, None where there was none."""
        return next((answer.changed for answer in reversed(self.all) if answer.changed), None)

    @property
    def validated(self) -> Sequence[Validated]:
        """What the validator said, the first first."""
        return [answer.validated for answer in self.all if answer.validated]
