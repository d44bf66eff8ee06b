"""Whatever is wrong with a restore is found: each check has its planted fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.drill.finding import Invariant
from tests.pipeline.restore.restored import (
    Restored,
)
from tests.pipeline.restore.spoiled import (
    bad_claim,
    bad_version,
    blind_validator,
    conflict,
    dropped_change,
    forgotten_deletion,
    found,
    gap,
    judged,
    lost_in_one_region,
    lost_user,
    lost_write,
    phantom,
    resurrected,
    rewritten_still,
    unclaimed,
    unmended,
    unseen,
    unsound,
)


@pytest.mark.parametrize(
    ("fault", "invariant"),
    [
        (unmended, Invariant.UNREPAIRED),
        (unmended, Invariant.LOST_USER),
        (rewritten_still, Invariant.UNREPAIRED),
        (rewritten_still, Invariant.BAD_VALUE),
        (lost_write, Invariant.LOST),
        (lost_user, Invariant.LOST_USER),
        (lost_in_one_region, Invariant.UNREPAIRED),
        (lost_in_one_region, Invariant.CONVERGENCE),
        (bad_version, Invariant.BAD_VALUE),
        (bad_version, Invariant.PHANTOM),
        (bad_claim, Invariant.BAD_VALUE),
        (bad_claim, Invariant.CLAIMS),
        (dropped_change, Invariant.ALTERED),
        (gap, Invariant.SEQUENCE),
        (unclaimed, Invariant.CLAIMS),
        (phantom, Invariant.PHANTOM),
        (resurrected, Invariant.RESURRECTED),
        (forgotten_deletion, Invariant.LOST),
        (conflict, Invariant.CONFLICT),
        (blind_validator, Invariant.VALIDATOR),
        (unsound, Invariant.VALIDATOR),
        (unseen, Invariant.VALIDATOR),
    ],
)
def test_a_planted_fault_is_found(fault: Callable[[Restored], None], invariant: Invariant) -> None:
    restored = Restored()
    fault(restored)
    verdict = judged(restored)
    assert str(invariant) in found(verdict)
    assert not verdict.met
