"""One user's history tells which version is bad, and which good one it replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import Ledger
from pipeline.drill.run import NotInTimeError
from pipeline.drill.step import Role
from pipeline.restore.acts import DAMAGED, Acts
from pipeline.restore.folder import Folder
from pipeline.restore.hand import Hand
from pipeline.restore.step import Do
from pipeline.restore.user import UserSteps
from tests.pipeline.restore.short import in_no_time, step
from tests.pipeline.restore.staged import Stage

REWRITE, FIND, PUT_BACK = step(Do.REWRITE), step(Do.FIND), step(Do.PUT_BACK)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    in_no_time(monkeypatch)
    stage = Stage()
    stage.users("ada")
    return stage


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path)


@pytest.fixture
def user(stage: Stage, folder: Folder) -> Iterator[UserSteps]:
    place, clock, ledger = stage.place, Clock(), Ledger(folder.ledger)
    yield UserSteps(
        user_id="ada",
        hand=Hand(name="hand", http=place.http(), ledger=ledger, clock=clock, most_s=0.05),
        place=place,
        damages=folder.damages,
        acts=Acts(place, folder, clock),
        clock=clock,
    )
    ledger.close()


def test_the_good_profile_is_the_one_that_the_bad_version_replaced(user: UserSteps, stage: Stage) -> None:
    stage.api().update(2e9, "ada", {"age": 42, "phone": "1"})
    user.take(REWRITE)
    assert stage.row("ada", "CURRENT")["phone"] == {"S": "undefined"}
    user.take(FIND)
    assert user.take(PUT_BACK) == "the good profile is version 4"
    assert stage.row("ada", "CURRENT")["age"] == {"N": "42"}
    assert stage.row("ada", "CURRENT")["phone"] == {"S": "1"}
    assert "address" not in stage.row("ada", "CURRENT")


def test_who_is_overwritten_is_on_record_until_put_back(user: UserSteps, folder: Folder) -> None:
    user.take(REWRITE)
    assert folder.disturbances.all == [DAMAGED]
    user.take(FIND)
    user.take(PUT_BACK)
    assert folder.disturbances.all == []


def test_a_history_without_a_good_version_is_told(user: UserSteps) -> None:
    with pytest.raises(FaultError, match="has no version before"):
        user.take(FIND)


def test_a_version_that_somebody_wrote_in_between_is_not_overwritten(user: UserSteps, stage: Stage) -> None:
    user.take(REWRITE)
    user.take(FIND)
    stage.api().update(2.1e9, "ada", {"age": 99})
    with pytest.raises(FaultError, match="was not done"):
        user.take(PUT_BACK)
    assert stage.row("ada", "CURRENT")["age"] == {"N": "99"}


def test_a_region_that_shows_another_profile_is_waited_for_in_vain(user: UserSteps, stage: Stage) -> None:
    user.take(REWRITE)
    user.take(FIND)
    with pytest.raises(NotInTimeError, match="the secondary Region shows another profile"):
        user.take(step(Do.COMPARE, Role.SECONDARY, seconds=0.01))
    user.take(PUT_BACK)
    assert stage.row("ada", "CURRENT")["version"] == {"N": "3"}
    assert user.take(step(Do.COMPARE, Role.SECONDARY, seconds=1)) == "the profile is the good one"
