"""What the verdict found, sorted for a page: forks with their versions, and all else by its invariant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipeline.drill.evidence import Evidence
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.report.printable import Bounded
from pipeline.drill.rows import Version

MOST_EVIDENCE = 8
ELSEWHERE = (
    Invariant.LOST,
    Invariant.LOST_OUTSIDE,
    Invariant.FORK,
    Invariant.HELD,
)  # have tables of their own

MEANINGS: Mapping[StrEnum, str] = {
    Invariant.PHANTOM: "A row is there that no client asked for.",
    Invariant.ALTERED: "A version does not hold what was sent.",
    Invariant.TWICE: "A write was done more than once.",
    Invariant.RESURRECTED: "A user who was deleted is there.",
    Invariant.CLAIMS: "Emails and users are not one to one.",
    Invariant.ONE_KEY: "An idempotency key made several users of one.",
    Invariant.RECORDED: "A current version is not in the history.",
    Invariant.SEQUENCE: "The versions of a user do not follow one another.",
    Invariant.TWO_WRITERS: "A Region took writes after another one had taken over.",
    Invariant.CONVERGENCE: "The Regions do not hold the same rows.",
    Invariant.CONTROL_PLANE: "A control plane was called before clients were served again.",
}


class Found(Protocol):
    """A verdict, of whatever drill."""

    @property
    def findings(self) -> Sequence[Finding]:
        """All that was found."""


@dataclass(frozen=True, kw_only=True)
class Fork:
    """Versions of a user that supersede the same one."""

    user_id: str
    finding: Finding
    versions: Sequence[Version]


@dataclass(frozen=True, kw_only=True)
class Group:
    """The findings about one invariant; `meaning` says what it is to depart from it, in a sentence."""

    invariant: StrEnum
    findings: Bounded[Finding]
    violated: bool
    meaning: str


def forks(verdict: Found, evidence: Evidence) -> Bounded[Fork]:
    """Return the forks, each with the versions that the Regions hold."""
    found = Bounded.of([one for one in verdict.findings if one.invariant is Invariant.FORK])
    rows = [_fork(finding, evidence) for finding in found.rows]
    return Bounded(rows=rows, count=found.count)


def groups(verdict: Found, meanings: Mapping[StrEnum, str] = MEANINGS) -> Sequence[Group]:
    """Return all other findings, those that fail a drill first."""
    sorted_out: dict[tuple[bool, StrEnum], list[Finding]] = {}
    for finding in verdict.findings:
        if finding.invariant not in ELSEWHERE:
            violated = finding.severity is Severity.VIOLATION
            sorted_out.setdefault((not violated, finding.invariant), []).append(finding)
    return [
        Group(
            invariant=invariant,
            findings=Bounded.of(found),
            violated=not harmless,
            meaning=meanings.get(invariant, ""),
        )
        for (harmless, invariant), found in sorted(sorted_out.items())
    ]


def _fork(finding: Finding, evidence: Evidence) -> Fork:
    user_id, *ids = finding.evidence
    known = {version.version_id: version for version in evidence.histories.get(user_id, ())}
    return Fork(
        user_id=user_id, finding=finding, versions=[known[version] for version in ids if version in known]
    )
