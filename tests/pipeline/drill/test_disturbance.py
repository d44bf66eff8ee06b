"""What is to be undone is on disk, in the order in which it was done."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.drill.disturbance import Disturbance, Disturbances, Kind
from pipeline.drill.scenarios import FROZEN, LAGGING
from pipeline.drill.step import Role

STOPPED = Disturbance(kind=Kind.STOPPED, role=Role.PRIMARY)
FENCED = Disturbance(kind=Kind.FENCED, role=Role.SECONDARY)
SLOW = Disturbance(kind=Kind.BROKEN, role=Role.PRIMARY, fault=LAGGING)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "disturbances.json"


def test_another_process_reads_what_one_added_in_its_order(path: Path) -> None:
    for each in (STOPPED, SLOW, FENCED):
        Disturbances(path).add(each)
    assert Disturbances(path).all == [STOPPED, SLOW, FENCED]


def test_there_is_nothing_to_undo_where_nothing_was_done(path: Path) -> None:
    assert Disturbances(path).all == []


def test_what_was_undone_is_gone(path: Path) -> None:
    found = Disturbances(path)
    found.add(STOPPED)
    found.add(FENCED)
    found.remove(STOPPED)
    found.remove(SLOW)
    assert found.all == [FENCED]


def test_what_is_done_again_is_the_last_and_there_once(path: Path) -> None:
    found = Disturbances(path)
    for each in (STOPPED, FENCED, STOPPED):
        found.add(each)
    assert found.all == [FENCED, STOPPED]


def test_what_cannot_be_noted_leaves_what_was_noted_before(path: Path) -> None:
    found = Disturbances(path)
    found.add(STOPPED)
    path.with_suffix(".new").mkdir()
    with pytest.raises(OSError, match="directory"):
        found.add(FENCED)
    assert found.all == [STOPPED]


@pytest.mark.parametrize("content", [b"", b"[{}]", b'[{"kind": "sideways", "role": "primary"}]'])
def test_a_file_that_makes_no_sense_is_not_taken_for_an_empty_one(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        assert Disturbances(path).all


def test_each_is_named_as_messages_do() -> None:
    frozen = Disturbance(kind=Kind.BROKEN, role=Role.PRIMARY, fault=FROZEN)
    assert [str(each) for each in (STOPPED, frozen)] == ["stopped (primary)", "region-frozen (primary)"]
