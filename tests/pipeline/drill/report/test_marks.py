"""The moments of the outage are marked, and other faults beside them."""

from __future__ import annotations

from dataclasses import replace

from pipeline.drill.report.marks import marks
from pipeline.drill.timeline import Act, FaultStep
from tests.pipeline.drill.made import HERE, T
from tests.pipeline.drill.report.drawn import drilled


def test_the_moments_of_the_outage_stand_out_from_other_faults() -> None:
    made = drilled(
        FaultStep(at=T - 5, act=Act.START, fault="lag", target=HERE),
        FaultStep(at=T, act=Act.START, fault="frozen", target=HERE),
    )
    facts = replace(made.evidence.facts, healed_at=T + 50)
    made = replace(made, evidence=replace(made.evidence, facts=facts))
    assert [(mark.label, mark.style) for mark in marks(made)] == [
        ("lag", "mark aside"),
        ("frozen", "mark start"),
        ("change ends", "mark heal"),
    ]
