"""What was measured stands beside its limit, and never looks better than it is."""

from __future__ import annotations

import pytest

from pipeline.drill.attempt import ClientKind
from pipeline.drill.durability import Durability, LostWrite
from pipeline.drill.facts import Objectives
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.held import HeldWrite
from pipeline.drill.objective import Objective, objectives
from pipeline.drill.recovery import Recovery
from tests.pipeline.drill.made import T, facts

KIND = ClientKind.OBEYS_TTL
FORK = Finding(invariant=Invariant.FORK, sentence="A fork.", evidence=(), severity=Severity.NOTE)
WAIT = HeldWrite(write="w", seconds=7.0, attempts=("a",), done=True)


def lost(within_window: bool) -> LostWrite:
    return LostWrite(
        write_id="w", attempt_id="a", acknowledged_at=T, regions=("x",), within_window=within_window
    )


@pytest.mark.parametrize(
    ("measured", "met", "text"),
    [
        (74.0, True, "RTO 74 s ≤ 120 s"),
        (7.42, True, "RTO 7.4 s ≤ 120 s"),
        (120.0, True, "RTO 120 s ≤ 120 s"),
        (120.04, False, "RTO 120.04 s > 120 s"),
        (130.0, False, "RTO 130 s > 120 s"),
        (None, False, "RTO not reached, limit 120 s"),
    ],
)
def test_an_objective_is_met_up_to_its_limit(measured: float | None, met: bool, text: str) -> None:
    aim = Objective(name="RTO", measured=measured, limit=120, unit="s")
    assert (aim.met, str(aim)) == (met, text)


def test_each_aim_of_a_drill_is_measured() -> None:
    aims = Objectives(rto_s={KIND: 9.0, ClientKind.CACHES_DNS: 90.0}, rpo_s=2.0, forks=0, held_s=60.0)
    found = objectives(
        facts(objectives=aims),
        [Recovery(kind=KIND, rto_s=3.0, failures=1)],
        Durability(acknowledged=9, fates={}, lost=[lost(True), lost(False)], rpo_s=1.5),
        [WAIT],
        [FORK, FORK],
    )
    assert [(aim.name, aim.measured, aim.limit, aim.met) for aim in found] == [
        ("RTO (obeys-ttl)", 3.0, 9.0, True),
        ("RTO (caches-dns)", None, 90.0, False),
        ("RPO", 1.5, 2.0, True),
        ("Missing without excuse", 1, 0, False),
        ("Forks", 2, 0, False),
        ("Longest held write", 7.0, 60.0, True),
    ]


def test_what_is_no_aim_has_no_row() -> None:
    nothing = Durability(acknowledged=0, fates={}, lost=[], rpo_s=0.0)
    found = objectives(facts(), [], nothing, [WAIT], [FORK])
    assert [aim.name for aim in found] == ["RPO", "Missing without excuse"]
    assert all(aim.met for aim in found)
