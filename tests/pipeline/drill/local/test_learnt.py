"""What was learnt for undoing is there for another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.drill.local.learnt import Learnt
from pipeline.drill.step import Role


def test_what_was_reserved_is_kept_for_each_region(tmp_path: Path) -> None:
    Learnt(tmp_path / "drill").keep_concurrency(Role.PRIMARY, {"Crud": None, "Batch": 20})
    assert Learnt(tmp_path / "drill").concurrency(Role.PRIMARY) == {"Crud": None, "Batch": 20}
    assert Learnt(tmp_path / "drill").concurrency(Role.SECONDARY) is None


def test_a_loss_is_kept_for_each_region(tmp_path: Path) -> None:
    Learnt(tmp_path).note_lost(Role.PRIMARY)
    assert Learnt(tmp_path).was_lost(Role.PRIMARY)
    assert not Learnt(tmp_path).was_lost(Role.SECONDARY)


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    learnt = Learnt(tmp_path)
    learnt.keep_concurrency(Role.PRIMARY, {})
    (tmp_path / "concurrency-primary.json").write_text('{"Crud": "many"}')
    with pytest.raises(ValueError, match="Expected `int"):
        learnt.concurrency(Role.PRIMARY)
