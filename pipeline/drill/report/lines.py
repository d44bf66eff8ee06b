"""Lines over time that break where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.drill.report.drawing import number


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One level, from one place to another, in pixels."""

    left: float
    right: float
    y: float


def line(pieces: Sequence[Piece], *, gap: float) -> str:
    """Return the path through pieces in their order; a distance of more than a gap stays empty."""
    parts = list[str]()
    former: Piece | None = None
    for piece in pieces:
        joined = former is not None and piece.left - former.right <= gap
        parts.append(f"{'L' if joined else 'M'}{number(piece.left)} {number(piece.y)}H{number(piece.right)}")
        former = piece
    return "".join(parts)


def band(lower: Sequence[Piece], upper: Sequence[Piece]) -> str:
    """Return the path around what is between two levels, piece by piece."""
    return "".join(
        f"M{number(low.left)} {number(low.y)}V{number(high.y)}H{number(low.right)}V{number(low.y)}Z"
        for low, high in zip(lower, upper, strict=True)
    )
