"""Whatever is wrong with a restore is found: each check has its planted fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

import pytest

from pipeline.drill.finding import Invariant
from pipeline.drill.rows import Key
from pipeline.restore.invariant import Repaired
from pipeline.restore.verdict import judge
from tests.pipeline.drill.made import version_id
from tests.pipeline.restore.restored import BAD, Restored, before, changed, tabled
from tests.pipeline.restore.spoiled import (
    bad_claim,
    bad_version,
    blind_validator,
    conflict,
    dropped_change,
    empty_restore,
    forgotten_deletion,
    found,
    gap,
    judged,
    lost_in_one_region,
    lost_user,
    lost_write,
    phantom,
    restored_too_late,
    resurrected,
    rewritten_still,
    served,
    unclaimed,
    uncurrent_restore,
    unmended,
    unread_restore,
    unseen,
    unsound,
)


@pytest.mark.parametrize(
    ("fault", "invariant"),
    [
        (unmended, Repaired.UNREPAIRED),
        (unmended, Repaired.LOST_USER),
        (rewritten_still, Repaired.UNREPAIRED),
        (rewritten_still, Repaired.BAD_VALUE),
        (lost_write, Invariant.LOST),
        (lost_user, Repaired.LOST_USER),
        (lost_in_one_region, Repaired.UNREPAIRED),
        (lost_in_one_region, Invariant.CONVERGENCE),
        (bad_version, Repaired.BAD_VALUE),
        (bad_version, Invariant.PHANTOM),
        (bad_claim, Repaired.BAD_VALUE),
        (bad_claim, Invariant.CLAIMS),
        (dropped_change, Invariant.ALTERED),
        (gap, Invariant.SEQUENCE),
        (unclaimed, Invariant.CLAIMS),
        (phantom, Invariant.PHANTOM),
        (resurrected, Invariant.RESURRECTED),
        (forgotten_deletion, Invariant.LOST),
        (conflict, Repaired.CONFLICT),
        (blind_validator, Repaired.VALIDATOR),
        (unsound, Repaired.VALIDATOR),
        (unseen, Repaired.VALIDATOR),
        (empty_restore, Repaired.STATE),
        (restored_too_late, Repaired.STATE),
        (uncurrent_restore, Repaired.STATE),
        (unread_restore, Repaired.STATE),
    ],
)
def test_a_planted_fault_is_found(fault: Callable[[Restored], None], invariant: StrEnum) -> None:
    restored = Restored()
    fault(restored)
    verdict = judged(restored)
    assert str(invariant) in found(verdict)
    assert not verdict.met


def test_a_bad_version_that_a_drill_before_left_in_the_history_is_no_fault_of_this_one() -> None:
    restored = Restored()
    old = changed(2, "carl", email=BAD)
    key = Key("carl", version_id(2))
    restored.both({key: old[key]})
    evidence = served(restored).evidence()
    known = tabled({**before(), key: old[key]}, "before")
    drill = replace(evidence.drill, before=known)
    kinds = {finding.invariant for finding in judge(replace(evidence, drill=drill)).violations}
    assert Repaired.BAD_VALUE not in kinds
    assert str(Repaired.BAD_VALUE) in found(judge(evidence))
