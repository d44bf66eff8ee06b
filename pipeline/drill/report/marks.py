"""The moments that the timeline marks: what was broken, and what was healed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.drill.report.drilled import Drawn
from pipeline.drill.timeline import Act, FaultStep

SAME_S = 0.001


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A moment; `style` tells what began or ended the outage from other faults."""

    at: float
    label: str
    style: str


def marks(drilled: Drawn) -> Sequence[Mark]:
    """Return the moments in order of time, the beginning and the end of the outage among them."""
    facts, found = drilled.evidence.facts, list[Mark]()
    for step in drilled.evidence.timeline.of(FaultStep):
        of_outage = _same(step.at, facts.fault_at) or _same(step.at, facts.healed_at)
        word = step.fault if step.act is Act.START else f"{step.fault} healed"
        style = f"mark {step.act}" if of_outage else "mark aside"
        found.append(Mark(at=step.at, label=word, style=style))
    if not any(_same(mark.at, facts.fault_at) for mark in found):
        found.append(Mark(at=facts.fault_at, label="change begins", style="mark start"))
    if facts.healed_at is not None and not any(_same(mark.at, facts.healed_at) for mark in found):
        found.append(Mark(at=facts.healed_at, label="change ends", style="mark heal"))
    return sorted(found, key=lambda mark: mark.at)


def _same(at: float, other: float | None) -> bool:
    return other is not None and abs(at - other) < SAME_S
