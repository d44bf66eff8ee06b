"""What a drill has disturbed and not put right yet, on disk: whoever heals after it can read it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from pipeline.drill.step import Fault, Role


class Kind(StrEnum):
    """Which of a drill's acts is to be undone."""

    BROKEN = "broken"
    STOPPED = "stopped"
    FENCED = "fenced"
    DAMAGED = "users are damaged"
    RESTORED = "a table is restored"
    CUT_OVER = "the table that serves is changed"


@dataclass(frozen=True, kw_only=True)
class Disturbance:
    """One thing that is not as it was; `fault` says what is broken.

    It is so in one Region, or without a `role` in all, and in one `table`, where that is not the one that
    serves.
    """

    kind: Kind
    role: Role | None = None
    fault: Fault | None = None
    table: str = ""

    def __str__(self) -> str:
        """Name it as messages do."""
        where = ", ".join(filter(None, (self.role, self.table)))
        return str(self.fault) if self.fault else f"{self.kind} ({where})" if where else str(self.kind)


class Disturbances:
    """A file with all that is to be undone, in the order in which it was done.

    An entry is there before its act begins, and until that is undone. So a file that was left behind may name
    what was never done, and undoing has to allow for that.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def all(self) -> Sequence[Disturbance]:
        """What there is, the first one first; raises OSError or ValueError for a file that cannot be read."""
        if not self._path.exists():
            return []
        return msgspec.json.decode(self._path.read_bytes(), type=list[Disturbance])

    def add(self, disturbance: Disturbance) -> None:
        """Note what is about to be done; raises OSError, and then it must not be done."""
        self._write([*(each for each in self.all if each != disturbance), disturbance])

    def remove(self, disturbance: Disturbance) -> None:
        """Note what was undone; raises OSError."""
        self._write([each for each in self.all if each != disturbance])

    def _write(self, disturbances: Sequence[Disturbance]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(disturbances))
        new.replace(self._path)
