"""A restore that went well is met, and one that takes too long, or loses something, is missed."""

from __future__ import annotations

from dataclasses import replace

from pipeline.drill.attempt import Operation
from pipeline.drill.finding import Invariant
from pipeline.restore.evidence import Limits
from pipeline.restore.verdict import judge
from tests.pipeline.drill.made import T, attempt
from tests.pipeline.restore.restored import (
    SERVED_AT,
    Restored,
)
from tests.pipeline.restore.spoiled import judged, lost_write, served


def test_one_that_went_well_is_met() -> None:
    verdict = judged(Restored())
    assert [finding.sentence for finding in verdict.violations] == []
    assert verdict.met
    assert str(verdict).startswith("RTO 31 s ≤ 60 s, 2 of 2 damaged users repaired, 0 of 6 acknowledged")


def test_whom_a_client_deleted_is_not_counted_as_repaired() -> None:
    repair = judged(Restored()).repair
    assert (repair.damaged, repair.repaired, repair.deleted, repair.left) == (3, 2, 1, 0)


def test_a_lost_write_is_named() -> None:
    restored = Restored()
    lost_write(restored)
    (lost,) = judged(restored).durability.lost
    assert lost.attempt_id == "carl"


def test_a_client_that_is_never_acknowledged_again_is_a_miss() -> None:
    restored = served(Restored())
    restored.attempts.append(
        replace(attempt(at=T + 45), asked=replace(attempt(at=T + 45).asked, client="reads only"))
    )
    verdict = judge(restored.evidence())
    assert [str(aim) for aim in verdict.objectives if not aim.met] == ["RTO not reached, limit 60 s"]


def test_a_table_that_never_serves_is_a_miss() -> None:
    verdict = judged(Restored(served_from=None))
    assert "RTO not reached" in str(verdict)


def test_what_is_acknowledged_before_the_tables_change_is_no_recovery() -> None:
    verdict = judged(Restored(served_from=SERVED_AT + 3.5))
    assert "RTO not reached" in str(verdict)


def test_a_write_that_is_refused_for_too_long_is_a_miss() -> None:
    restored = Restored(limits=Limits(rpo_s=1, rto_s=60, held_s=5))
    refused = attempt(
        Operation.UPDATE,
        T + 20,
        user_id="carl",
        fields={"age": 40},
        status=503,
        fenced=True,
        write="held",
        id="x",
    )
    again = replace(refused.asked, id="y", sent_at=T + 30)
    assert refused.answered is not None
    answered = replace(refused.answered, id="y", answered_at=T + 30.1)
    restored.attempts += [refused, replace(refused, asked=again, answered=answered)]
    verdict = judged(restored)
    assert verdict.count(Invariant.HELD) == 1
    assert verdict.refused == 2
