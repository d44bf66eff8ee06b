"""What was measured, beside the most that it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.drill.durability import Durability
from pipeline.drill.facts import Facts
from pipeline.drill.finding import Finding, Invariant
from pipeline.drill.held import HeldWrite
from pipeline.drill.recovery import Recovery


@dataclass(frozen=True, kw_only=True)
class Objective:
    """One row of the table of objectives; `measured` None means that it was never reached."""

    name: str
    measured: float | None
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Tell whether the measure is within the limit."""
        return self.measured is not None and self.measured <= self.limit

    def __str__(self) -> str:
        if self.measured is None:
            return f"{self.name} not reached, limit {self.limit:g} {self.unit}".rstrip()
        sign = "≤" if self.met else ">"
        figure = f"{self.measured:.1f}".removesuffix(".0")
        if not self.met and float(figure) <= self.limit:  # rounded, it would look as if it were met
            figure = f"{self.measured:g}"
        return f"{self.name} {figure} {self.unit} {sign} {self.limit:g} {self.unit}"


def objectives(
    facts: Facts,
    recovered: Sequence[Recovery],
    durable: Durability,
    held: Sequence[HeldWrite],
    findings: Sequence[Finding],
) -> Sequence[Objective]:
    """Return the objectives that a drill has, with what was measured."""
    return list(_objectives(facts, recovered, durable, held, findings))


def _objectives(
    facts: Facts,
    recovered: Sequence[Recovery],
    durable: Durability,
    held: Sequence[HeldWrite],
    findings: Sequence[Finding],
) -> Iterator[Objective]:
    """Yield one row after the other."""
    aims = facts.objectives
    measured = {recovery.kind: recovery.rto_s for recovery in recovered}
    for kind, limit in aims.rto_s.items():
        yield Objective(name=f"RTO ({kind})", measured=measured.get(kind), limit=limit, unit="s")
    yield Objective(name="RPO", measured=durable.rpo_s, limit=aims.rpo_s, unit="s")
    unexpected = sum(not lost.within_window for lost in durable.lost)
    yield Objective(name="Missing without excuse", measured=unexpected, limit=0, unit="writes")
    if aims.forks is not None:
        count = sum(finding.invariant is Invariant.FORK for finding in findings)
        yield Objective(name="Forks", measured=count, limit=aims.forks, unit="forks")
    if aims.held_s is not None:
        longest = max((wait.seconds for wait in held), default=0.0)
        yield Objective(name="Longest held write", measured=longest, limit=aims.held_s, unit="s")
