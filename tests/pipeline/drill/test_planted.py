"""Each bug that is planted in a simulated platform is found, under its own name."""

from __future__ import annotations

import pytest

from pipeline.drill.attempt import ClientKind
from pipeline.drill.facts import Objectives
from pipeline.drill.finding import Invariant, Severity
from pipeline.drill.verdict import Verdict, judge
from tests.pipeline.drill import planted, struck
from tests.pipeline.drill.plan import FAULT_AT, PRIMARY, SECONDARY, Kind, Plan
from tests.pipeline.drill.world import World

OUTAGE = Plan()
LAGGING = Plan(lag_s=1.0)
LOSS = Plan(kind=Kind.LOSS)
SWITCHOVER = Plan(kind=Kind.SWITCHOVER, lag_s=1.0, objectives=Objectives(forks=0))


@pytest.fixture(scope="module")
def truths() -> dict[Kind, Verdict]:
    """What the same platforms show without a bug."""
    return {plan.kind: judge(World(plan).run()) for plan in (LAGGING, LOSS, SWITCHOVER)}


@pytest.mark.parametrize("kind", list(Kind))
def test_without_a_bug_every_objective_is_met(truths: dict[Kind, Verdict], kind: Kind) -> None:
    assert truths[kind].met, str(truths[kind])


@pytest.mark.parametrize(
    ("plan", "bug", "invariant"),
    [
        (OUTAGE, struck.DroppedWrite, Invariant.LOST),
        (OUTAGE, struck.DroppedDelete, Invariant.LOST),
        (OUTAGE, struck.EchoOfVersion, Invariant.LOST),
        (LOSS, planted.LostLongAgo, Invariant.LOST_OUTSIDE),
        (OUTAGE, struck.DoubleCreate, Invariant.ONE_KEY),
        (OUTAGE, struck.DoubleUpdate, Invariant.TWICE),
        (OUTAGE, struck.NoCondition, Invariant.FORK),
        (OUTAGE, struck.Echo, Invariant.RESURRECTED),
        (LAGGING, planted.SkippedConflict, Invariant.CONVERGENCE),
        (OUTAGE, planted.Phantom, Invariant.PHANTOM),
        (OUTAGE, struck.RefusedButWritten, Invariant.PHANTOM),
        (OUTAGE, struck.Altered, Invariant.ALTERED),
        (OUTAGE, struck.LostClaim, Invariant.CLAIMS),
        (OUTAGE, struck.OrphanedClaim, Invariant.CLAIMS),
        (OUTAGE, struck.HistoryGap, Invariant.SEQUENCE),
        (OUTAGE, struck.Unrecorded, Invariant.RECORDED),
        (OUTAGE, planted.ControlPlane, Invariant.CONTROL_PLANE),
    ],
)
def test_a_planted_bug_is_a_violation_of_its_invariant(
    plan: Plan, bug: type[World], invariant: Invariant
) -> None:
    world = bug(plan)
    found = judge(world.run())
    evidence = [" ".join(finding.evidence) for finding in found.violations if finding.invariant is invariant]
    assert any(world.victim in ids for ids in evidence), str(found)
    assert not found.met


def test_a_switchover_without_a_fence_forks_and_both_versions_are_listed() -> None:
    found = judge(planted.NoFence(SWITCHOVER).run())
    forks = [finding for finding in found.notes if finding.invariant is Invariant.FORK]
    assert forks
    for fork in forks:
        user_id, one, other = fork.evidence
        assert user_id.startswith("u-")
        assert {one.partition("#")[2], other.partition("#")[2]} == {PRIMARY, SECONDARY}
    assert [(aim.measured, aim.met) for aim in found.objectives if aim.name == "Forks"] == [
        (len(forks), False)
    ]


def test_a_moment_of_success_in_an_outage_is_no_recovery() -> None:
    plan = Plan(objectives=Objectives(rto_s={ClientKind.OBEYS_TTL: 6.0}))
    evidence = planted.Blip(plan).run()
    early = [a for a in evidence.attempts if a.acknowledged and FAULT_AT + 1 <= a.at < FAULT_AT + 2]
    assert ClientKind.OBEYS_TTL in {attempt.asked.kind for attempt in early}
    found = judge(evidence)
    (aim,) = (aim for aim in found.objectives if aim.name.startswith("RTO"))
    assert aim.measured is not None
    assert aim.measured > 9
    assert not aim.met
    assert not found.met
    assert not found.violations


def test_a_write_that_waits_for_too_long_is_a_violation_that_names_it() -> None:
    found = judge(World(Plan(objectives=Objectives(held_s=3.0))).run())
    late = [finding for finding in found.violations if finding.invariant is Invariant.HELD]
    assert late
    assert {finding.evidence[0] for finding in late} == {
        wait.write for wait in found.held if wait.seconds > 3
    }
    assert all(finding.severity is Severity.VIOLATION for finding in late)
