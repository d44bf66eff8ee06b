"""What the restored table held as it came, before anything was replayed into it: every row, on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

Rows = Sequence[Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Came:
    """The file of those rows, in DynamoDB's JSON, one a line; methods raise OSError."""

    path: Path

    def keep(self, rows: Rows) -> None:
        """Write them, all or none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        new.replace(self.path)

    @property
    def rows(self) -> Rows | None:
        """All of them, None where nobody looked; raises ValueError."""
        if not self.path.exists():
            return None
        return [msgspec.json.decode(line) for line in self.path.read_bytes().splitlines()]
