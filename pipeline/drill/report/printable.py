"""Text from outside, made fit for a page: no characters that XML forbids, and not without end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

T = TypeVar("T")

MOST_CHARACTERS = 600
MOST_ROWS = 200

# https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """Return the text with a replacement for each character that XML forbids, cut to `most` characters."""
    clean = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text[: most + 1])
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


@dataclass(frozen=True, kw_only=True)
class Bounded(Generic[T]):
    """The first of some rows, and how many there are in all."""

    rows: Sequence[T]
    count: int

    @classmethod
    def of(cls, rows: Sequence[T], *, most: int = MOST_ROWS) -> Self:
        """Take the first `most` rows."""
        return cls(rows=rows[:most], count=len(rows))

    @property
    def more(self) -> int:
        """How many are left out."""
        return self.count - len(self.rows)
