"""A diary can be read whoever wrote it, and however its writer ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.drill.diary import Diary, Line, Restored, StepBegan, StepEnded, read
from pipeline.drill.timeline import LagSampled

LINES = [
    Line(began=StepBegan(at=1.5, step=0)),
    Line(lag=LagSampled(at=1.6, source="eu-west-1", target="eu-central-1", lag_s=0.2)),
    Line(ended=StepEnded(at=2.5, step=0, done=False, note="≤ 3 s", struck_at=1.75)),
    Line(restored=Restored(at=9.0, by="watchdog")),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "diary.jsonl"


def test_what_two_writers_add_is_read_in_its_order(path: Path) -> None:
    for line in LINES:
        Diary(path).add(line)
    assert read(path) == LINES


def test_a_diary_that_nobody_wrote_is_empty(path: Path) -> None:
    assert read(path) == []


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_line_that_was_cut_off_at_the_end_is_left_out(path: Path, cut: int) -> None:
    for line in LINES:
        Diary(path).add(line)
    path.write_bytes(path.read_bytes()[:-cut])
    assert read(path) == LINES[:-1]


@pytest.mark.parametrize("line", [b"", b"{", b'{"began": {"at": "late", "step": 0}}', b"[]", b"\xff"])
def test_a_line_that_is_none_is_named(path: Path, line: bytes) -> None:
    Diary(path).add(LINES[0])
    with path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(ValueError, match=r"diary\.jsonl, line 2: "):
        read(path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").touch()
    with pytest.raises(OSError, match="folder"):
        Diary(tmp_path / "folder" / "diary.jsonl").add(LINES[0])
