"""One user is put back, and a verdict finds what became of that user or of others on the way."""

from __future__ import annotations

from enum import StrEnum

import pytest

from pipeline.drill.attempt import Operation
from pipeline.drill.finding import Invariant
from pipeline.drill.rows import Key
from pipeline.restore.damage import How
from pipeline.restore.evidence import Limits
from pipeline.restore.invariant import Repaired
from pipeline.restore.verdict import judge
from tests.pipeline.drill.made import Rows, T, attempt, claim, version_id
from tests.pipeline.restore.restored import (
    Restored,
    acknowledged,
    before,
    changed,
    damage,
    profile,
    user,
)
from tests.pipeline.restore.spoiled import found


@pytest.fixture
def overwritten() -> Restored:
    """One user whose profile was overwritten, and put back from its history."""
    bad = "0123456789abcdef01234567@overwritten.invalid"
    restored = Restored(
        primary=before(),
        secondary=before(),
        damaged=(damage("ada", How.OVERWRITTEN),),
        limits=Limits(),
        noted=False,
        served_from=None,
        attempts=[
            acknowledged(10, "ada", fields={"name": "undefined", "email": bad}, id="bad"),
            acknowledged(20, "ada", fields=profile("ada"), if_match=f'"{version_id(10)}"', id="good"),
        ],
    )
    restored.both({**changed(10, "ada", name="undefined", email=bad), **changed(20, "ada", 3, after=10)})
    restored.both(dict.fromkeys(claim(bad, "ada")))
    return restored


def test_a_user_who_was_put_back_is_met(overwritten: Restored) -> None:
    verdict = judge(overwritten.evidence())
    assert [finding.sentence for finding in verdict.violations] == []
    assert str(verdict) == "1 of 1 damaged users repaired, 0 of 2 acknowledged writes missing"
    assert verdict.met


@pytest.mark.parametrize(
    ("rows", "invariant"),
    [
        (changed(20, "ada", 3, after=10, age=0), Repaired.UNREPAIRED),
        ({Key("ada", version_id(10)): None}, Invariant.LOST),
        ({Key("ada", version_id(1)): None}, Repaired.UNREPAIRED),
        (changed(21, "carl", age=99), Repaired.TOUCHED),
        (dict.fromkeys(user("bob")), Repaired.TOUCHED),
        (dict.fromkeys(user("bob")), Repaired.LOST_USER),
    ],
)
def test_a_fault_of_one_who_puts_a_user_back_is_found(
    overwritten: Restored, rows: Rows, invariant: StrEnum
) -> None:
    overwritten.both(rows)
    verdict = judge(overwritten.evidence())
    assert str(invariant) in found(verdict)
    assert not verdict.met


def test_nobody_may_be_refused_while_one_user_is_put_back(overwritten: Restored) -> None:
    refused = attempt(Operation.UPDATE, T + 12, user_id="carl", fields={"age": 1}, status=503, fenced=True)
    overwritten.attempts.append(refused)
    verdict = judge(overwritten.evidence())
    assert [str(aim) for aim in verdict.objectives] == ["Writes refused by a fence 1 writes > 0 writes"]
