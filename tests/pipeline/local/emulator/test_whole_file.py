"""A file is replaced as a whole, or stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.local.emulator.whole_file import written


def test_a_file_comes_with_its_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "made" / "file.json"
    with written(file) as text:
        text.write("whole")
        assert not file.exists()
    assert file.read_text() == "whole"
    assert list(file.parent.iterdir()) == [file]


def test_a_writer_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text("former")

    def half() -> None:
        with written(file) as text:
            text.write("half")
            raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        half()
    assert file.read_text() == "former"
    assert list(tmp_path.iterdir()) == [file]
