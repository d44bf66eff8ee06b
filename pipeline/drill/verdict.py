"""What a drill showed, by pure functions over its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.drill.control_plane import forbidden_calls
from pipeline.drill.convergence import differences
from pipeline.drill.durability import Durability, durability, losses
from pipeline.drill.evidence import Evidence
from pipeline.drill.finding import Finding, Severity
from pipeline.drill.forks import forks, several_users
from pipeline.drill.held import HeldWrite, held_writes, too_long
from pipeline.drill.integrity import integrity
from pipeline.drill.objective import Objective, objectives
from pipeline.drill.provenance import unexplained
from pipeline.drill.recovery import Recovery, recovered_at, recoveries
from pipeline.drill.timeline import CallMade
from pipeline.drill.torn import excused
from pipeline.drill.writers import two_writers


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcome of one drill: what was measured against what was aimed at, and all that was found."""

    scenario: str
    objectives: Sequence[Objective]
    findings: Sequence[Finding]
    recoveries: Sequence[Recovery]
    durability: Durability
    held: Sequence[HeldWrite]

    @property
    def violations(self) -> Sequence[Finding]:
        """What must not be."""
        return [finding for finding in self.findings if finding.severity is Severity.VIOLATION]

    @property
    def notes(self) -> Sequence[Finding]:
        """What may be, and is told."""
        return [finding for finding in self.findings if finding.severity is Severity.NOTE]

    @property
    def met(self) -> bool:
        """Tell whether every objective was met and nothing was violated."""
        return all(objective.met for objective in self.objectives) and not self.violations

    def __str__(self) -> str:
        """Say it in one line: `RTO (obeys-ttl) 74 s ≤ 120 s, 0 of 4,812 acknowledged writes missing`."""
        parts = [str(aim) for aim in self.objectives if aim.name.startswith("RTO") or not aim.met]
        missing, promised = len(self.durability.lost), self.durability.acknowledged
        parts.append(f"{missing:,} of {promised:,} acknowledged writes missing")
        if self.violations:
            counts = Counter(str(finding.invariant) for finding in self.violations)
            kinds = ", ".join(f"{count:,} {name}" for name, count in counts.items())
            parts.append(f"violations: {kinds}")
        return ", ".join(parts)

    def as_json(self) -> Mapping[str, Any]:
        """Return the verdict as JSON values."""
        return {
            "scenario": self.scenario,
            "met": self.met,
            "summary": str(self),
            "objectives": [{**asdict(aim), "met": aim.met} for aim in self.objectives],
            "violations": [asdict(finding) for finding in self.violations],
            "notes": [asdict(finding) for finding in self.notes],
            "recoveries": [asdict(recovery) for recovery in self.recoveries],
            "durability": asdict(self.durability),
            "held": [asdict(wait) for wait in self.held],
        }


def judge(evidence: Evidence) -> Verdict:
    """Judge a drill; it takes time in proportion to the evidence."""
    facts = evidence.facts
    recovered = recoveries(evidence.attempts, evidence.timeline, facts)
    durable = durability(evidence.promised, evidence.tables, facts)
    held = held_writes(evidence.attempts)
    findings = [
        *losses(durable, facts),
        *_about_rows(evidence),
        *_about_calls(evidence, recovered),
        *two_writers(evidence.attempts, facts.one_writer_from),
        *too_long(held, facts.objectives.held_s),
    ]
    return Verdict(
        scenario=facts.scenario,
        objectives=objectives(facts, recovered, durable, held, findings),
        findings=findings,
        recoveries=recovered,
        durability=durable,
        held=held,
    )


def _about_rows(evidence: Evidence) -> Sequence[Finding]:
    """Judge what the two Regions hold."""
    histories, before = evidence.histories, evidence.histories_before
    found = [
        *unexplained(evidence.attempts, histories, before),
        *several_users(evidence.attempts, histories),
        *forks(histories, before),
        *(finding for table in evidence.tables for finding in integrity(table, evidence.before)),
    ]
    return [*excused(found, evidence), *differences(evidence.primary, evidence.secondary)]


def _about_calls(evidence: Evidence, recovered: Sequence[Recovery]) -> Sequence[Finding]:
    """Judge the calls from the fault to the recovery or, without one, to the end of the outage.

    That end counts too where nothing is aimed at for the recovery, as in a move that is planned: its clients
    are served at first, and refused later.
    """
    facts, span = evidence.facts, evidence.timeline.span
    last = span[1] if span else facts.fault_at
    served_at = recovered_at(recovered, facts) if facts.objectives.rto_s else None
    end = served_at or facts.healed_at or last
    return forbidden_calls(evidence.timeline.of(CallMade), start=facts.fault_at, end=end)
