"""A platform that keeps its promises is never accused, whatever happens to it and whenever."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.drill.durability import Fate
from pipeline.drill.finding import Invariant
from pipeline.drill.verdict import Verdict, judge
from tests.pipeline.drill.plan import (
    BACK_AT,
    FAULT_AT,
    MOVED_AT,
    PAUSE_S,
    TIMEOUT_S,
    Kind,
    Plan,
)
from tests.pipeline.drill.world import World

seeds = st.integers(0, 10_000)
lags = st.sampled_from([0.0, 0.05, 0.3, 1.0])
few = settings(max_examples=12, deadline=None)


def lived(plan: Plan) -> tuple[World, Verdict]:
    world = World(plan)
    return world, judge(world.run())


@few
@example(seed=2105, kind=Kind.LOSS, lag_s=0.0)  # half a creation arrived, and nobody was told of it
@given(seed=seeds, kind=st.sampled_from(list(Kind)), lag_s=lags)
def test_a_truthful_history_violates_nothing_and_meets_its_objectives(
    seed: int, kind: Kind, lag_s: float
) -> None:
    _, found = lived(Plan(seed=seed, kind=kind, lag_s=lag_s))
    assert not found.violations, found.violations
    assert found.met, str(found)
    assert sum(found.durability.fates.values()) == found.durability.acknowledged


@few
@given(seed=seeds, lag_s=lags | st.none())
def test_nothing_is_lost_where_the_disk_survives(seed: int, lag_s: float | None) -> None:
    _, found = lived(Plan(seed=seed, lag_s=lag_s))
    assert Fate.LOST not in found.durability.fates
    assert (found.durability.lost, found.durability.rpo_s) == ([], 0)
    assert {finding.invariant for finding in found.findings} <= {Invariant.FORK}


@few
@given(seed=seeds, lag_s=st.sampled_from([0.3, 1.0]))
def test_of_a_lost_region_just_what_it_had_not_sent_is_listed_as_lost(seed: int, lag_s: float) -> None:
    world, found = lived(Plan(seed=seed, kind=Kind.LOSS, lag_s=lag_s))
    unsent = {key.user_id for key in world.unsent}
    lost = {write.write_id.partition("/")[2] for write in found.durability.lost}
    assert lost
    assert lost <= unsent
    assert all(write.within_window for write in found.durability.lost)
    assert 0 < found.durability.rpo_s <= lag_s
    created = {
        stored.user_id
        for attempt in world.attempts
        if attempt.acknowledged and attempt.answered and attempt.ended_at < FAULT_AT
        for stored in attempt.answered.users
        if stored.version == 1 and stored.user_id in {key.user_id for key in world.unsent - world.torn}
    }
    touched = {
        wanted.user_id
        for attempt in world.attempts
        if attempt.ended_at > FAULT_AT
        for wanted in attempt.asked.users
    }
    assert lost >= created - world.deleted - touched


@few
@given(seed=seeds)
def test_each_kind_of_client_recovers_when_it_follows_dns(seed: int) -> None:
    _, found = lived(Plan(seed=seed))
    assert [recovery.kind for recovery in found.recoveries] == sorted(MOVED_AT)
    for recovery in found.recoveries:
        parts = (recovery.detection_s, recovery.dns_s, recovery.client_s)
        assert recovery.rto_s is not None
        moved = MOVED_AT[recovery.kind] - FAULT_AT
        assert moved <= recovery.rto_s <= moved + 2 * (TIMEOUT_S + PAUSE_S)
        assert recovery.rto_s < BACK_AT - FAULT_AT
        assert abs(sum(part or 0.0 for part in parts) - recovery.rto_s) < 1e-3
