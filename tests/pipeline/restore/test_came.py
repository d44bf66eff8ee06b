"""What a restored table came with is read back row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.restore.came import Came

ROWS = [{"user_id": {"S": "ada"}, "timestamp": {"S": "CURRENT"}}, {"user_id": {"S": "a\nb\u2028"}}]


@pytest.mark.parametrize("rows", [ROWS, []], ids=["some", "none"])
def test_every_row_is_read_back_and_an_empty_table_is_not_one_that_nobody_read(
    tmp_path: Path, rows: list[dict[str, dict[str, str]]]
) -> None:
    came = Came(path=tmp_path / "drill" / "restored.jsonl")
    assert came.rows is None
    came.keep(rows)
    assert came.rows == rows
