"""Lines break where there is nothing to draw."""

from __future__ import annotations

from pipeline.drill.report.lines import Piece, line


def test_a_line_breaks_where_there_is_nothing() -> None:
    pieces = [Piece(left=left, right=left + 1, y=5) for left in (0, 1, 50)]
    assert line(pieces, gap=3) == "M0 5H1L1 5H2M50 5H51"
