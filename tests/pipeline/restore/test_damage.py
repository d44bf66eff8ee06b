"""Damage is on disk before it is done, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.restore.damage import Damage, Damages, How


def damage(user_id: str, at: float = 1.0) -> Damage:
    current = {"email": {"S": f"{user_id}@crowd.example"}, "version_id": {"S": "v1"}}
    return Damage(user_id=user_id, how=How.DELETED, at=at, current=current, claim={"owner": {"S": user_id}})


@pytest.fixture
def damages(tmp_path: Path) -> Damages:
    return Damages(tmp_path / "drill" / "damage.jsonl")


def test_where_nothing_was_damaged_there_is_nothing(damages: Damages) -> None:
    assert damages.all == []
    assert damages.began_at is None


def test_all_that_is_noted_is_read_back(damages: Damages) -> None:
    damages.add(damage("ada", 2.5))
    damages.add(damage("bob", 3.5))
    assert damages.all == [damage("ada", 2.5), damage("bob", 3.5)]
    assert damages.began_at == 2.5
    assert (damages.all[0].email, damages.all[0].version_id) == ("ada@crowd.example", "v1")


def test_who_was_spared_was_not_damaged(damages: Damages) -> None:
    damages.add(damage("ada"))
    damages.add(damage("bob"))
    damages.spare("ada")
    assert damages.all == [damage("bob")]


def test_a_line_that_was_cut_off_is_left_out(damages: Damages, tmp_path: Path) -> None:
    damages.add(damage("ada"))
    with (tmp_path / "drill" / "damage.jsonl").open("ab") as file:
        file.write(b'{"damage": {"user_id": "bo')
    assert damages.all == [damage("ada")]


def test_a_line_that_says_something_else_is_refused(damages: Damages, tmp_path: Path) -> None:
    damages.add(damage("ada"))
    with (tmp_path / "drill" / "damage.jsonl").open("ab") as file:
        file.write(b"nothing\n")
    with pytest.raises(ValueError, match="malformed"):
        _ = damages.all
