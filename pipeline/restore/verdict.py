"""What a restore showed, by pure functions over its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pipeline.drill.attempt import Attempt, Operation, Outcome
from pipeline.drill.convergence import differences
from pipeline.drill.durability import Durability, durability, losses
from pipeline.drill.finding import Finding, Severity
from pipeline.drill.forks import forks, several_users
from pipeline.drill.held import HeldWrite, held_writes, too_long
from pipeline.drill.integrity import integrity
from pipeline.drill.objective import Objective
from pipeline.drill.provenance import unexplained
from pipeline.restore.damage import How
from pipeline.restore.evidence import RestoreEvidence
from pipeline.restore.invariant import Repaired
from pipeline.restore.repair import Repair, bad_values, lost_users, repair, unrepaired
from pipeline.restore.state import behind, not_of_the_point
from pipeline.restore.touched import not_put_back, touched


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcome of one restore: what was measured against what was aimed at, and all that was found.

    `refused` counts the writes that a fence refused.
    """

    scenario: str
    objectives: Sequence[Objective]
    findings: Sequence[Finding]
    repair: Repair
    durability: Durability
    held: Sequence[HeldWrite]
    refused: int

    @property
    def violations(self) -> Sequence[Finding]:
        """What must not be."""
        return [finding for finding in self.findings if finding.severity is Severity.VIOLATION]

    @property
    def met(self) -> bool:
        """Tell whether every objective was met and nothing was violated."""
        return all(objective.met for objective in self.objectives) and not self.violations

    def count(self, invariant: StrEnum) -> int:
        """Tell how many findings there are about an invariant."""
        return sum(finding.invariant is invariant for finding in self.findings)

    def __str__(self) -> str:
        """Say it in one line: `RTO 74 s ≤ 900 s, 198 of 198 damaged users repaired, 0 of 412 …`."""
        parts = [str(aim) for aim in self.objectives if aim.name == "RTO" or not aim.met]
        damaged, missing = self.repair.damaged - self.repair.deleted, len(self.durability.lost)
        parts.append(f"{self.repair.repaired:,} of {damaged:,} damaged users repaired")
        parts.append(f"{missing:,} of {self.durability.acknowledged:,} acknowledged writes missing")
        if self.violations:
            counts = Counter(str(finding.invariant) for finding in self.violations)
            parts.append(f"violations: {', '.join(f'{count:,} {name}' for name, count in counts.items())}")
        return ", ".join(parts)

    def as_json(self) -> Mapping[str, Any]:
        """Return the verdict as JSON values."""
        return {
            "scenario": self.scenario,
            "met": self.met,
            "summary": str(self),
            "objectives": [{**asdict(aim), "met": aim.met} for aim in self.objectives],
            "violations": [asdict(finding) for finding in self.violations],
            "notes": [asdict(finding) for finding in self.findings if finding not in self.violations],
            "repair": {**asdict(self.repair), "left": self.repair.left},
            "durability": asdict(self.durability),
            "held": [asdict(wait) for wait in self.held],
            "refused": self.refused,
        }


def judge(evidence: RestoreEvidence) -> Verdict:
    """Judge a restore; it takes time in proportion to the evidence."""
    drill, facts = evidence.drill, evidence.drill.facts
    durable = durability(drill.promised, drill.tables, facts)
    held = held_writes(drill.attempts)
    damaged = list(unrepaired(evidence))
    of_one = any(damage.how is How.OVERWRITTEN for damage in evidence.damaged)
    if of_one:
        damaged += not_put_back(evidence)
    findings = [
        *losses(durable, facts),
        *lost_users(evidence),
        *not_of_the_point(evidence),
        *damaged,
        *bad_values(evidence),
        *(touched(evidence) if of_one else ()),
        *_about_rows(evidence),
        *_about_functions(evidence),
        *too_long(held, evidence.limits.held_s),
    ]
    refused = sum(_refused(attempt) for attempt in drill.attempts)
    return Verdict(
        scenario=facts.scenario,
        objectives=list(_objectives(evidence, held, refused)),
        findings=findings,
        repair=repair(evidence, damaged),
        durability=durable,
        held=held,
        refused=refused,
    )


def _about_rows(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Judge what the two Regions hold, with nothing of the bad deploy in it."""
    drill = evidence.drill
    yield from unexplained(evidence.attempts, drill.histories, drill.histories_before)
    yield from several_users(evidence.attempts, drill.histories)
    yield from forks(drill.histories, drill.histories_before)
    for table in drill.tables:
        yield from integrity(table, drill.before)
    yield from differences(drill.primary, drill.secondary)


def _about_functions(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Judge what the validator and the replay said; both are asked wherever a restore point was noted."""
    noted = evidence.noted
    if noted is None:
        return
    of_former = [found for found in evidence.validated if found.table == noted.former]
    if not of_former or any(found.sound for found in of_former):
        yield _validator(f"The validator finds nothing wrong with {noted.former}, which is damaged.")
    of_restored = [found for found in evidence.validated if found.table == noted.restored]
    if not of_restored:
        yield _validator(f"The validator was never shown {noted.restored}.")
    for found in of_restored:
        if not found.sound:
            yield _validator(f"The validator finds {found.table} broken: {found.message}")
    for conflict in evidence.replayed.conflicts if evidence.replayed else ():
        yield Finding(
            invariant=Repaired.CONFLICT,
            sentence=f"Version {conflict.version_id} of user {conflict.user_id} was not taken over: "
            f"{conflict.why}",
            evidence=(conflict.user_id, conflict.version_id),
        )


def _validator(sentence: str) -> Finding:
    return Finding(invariant=Repaired.VALIDATOR, sentence=sentence, evidence=())


def _objectives(evidence: RestoreEvidence, held: Sequence[HeldWrite], refused: int) -> Iterator[Objective]:
    """Yield one row after the other."""
    limits = evidence.limits
    if limits.rpo_s is not None:
        yield Objective(name="RPO", measured=behind(evidence), limit=limits.rpo_s, unit="s")
    if limits.rto_s is not None:
        whole_at, since = _whole_at(evidence), evidence.noticed_at
        span = None if whole_at is None or since is None else whole_at - since
        yield Objective(name="RTO", measured=span, limit=limits.rto_s, unit="s")
    if limits.held_s is None:
        yield Objective(name="Writes refused by a fence", measured=refused, limit=0, unit="writes")
    else:
        longest = max((wait.seconds for wait in held), default=0.0)
        yield Objective(name="Longest held write", measured=longest, limit=limits.held_s, unit="s")


def _whole_at(evidence: RestoreEvidence) -> float | None:
    """Return when all were served again, or the one user was put back; None for never."""
    return _served_again_at(evidence) if evidence.noted else evidence.drill.facts.healed_at


def _served_again_at(evidence: RestoreEvidence) -> float | None:
    """Return when the last client had its first write acknowledged by the restored table; None for never.

    A client counts that sent anything since the restore point was noted. Both tables are fenced when they
    change places, so what is acknowledged after that is in the restored one.
    """
    since, noted = evidence.served_from, evidence.noted
    if since is None or noted is None:
        return None
    firsts: dict[str, float | None] = {}
    for attempt in sorted(evidence.drill.attempts, key=lambda attempt: attempt.ended_at):
        if attempt.at >= noted.at and firsts.setdefault(attempt.asked.client, None) is None:
            wrote = attempt.acknowledged and attempt.asked.operation is not Operation.READ
            firsts[attempt.asked.client] = attempt.ended_at if wrote and attempt.at >= since else None
    times = [at for at in firsts.values() if at is not None]
    return max(times) if times and len(times) == len(firsts) else None


def _refused(attempt: Attempt) -> bool:
    """Tell whether a fence refused a write."""
    answered = attempt.answered
    return answered is not None and answered.outcome is Outcome.REFUSED and answered.status == 503
