"""Transactions that were under way to the other Region when their own was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.drill.evidence import Evidence
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.profile import patch

# What the missing half of a transaction looks like.
TEARS = frozenset(
    {Invariant.CLAIMS, Invariant.RECORDED, Invariant.SEQUENCE, Invariant.FORK, Invariant.RESURRECTED}
)


def excused(findings: Sequence[Finding], evidence: Evidence) -> Sequence[Finding]:
    """Turn into notes the findings that a torn transaction explains.

    Replication carries a transaction item by item
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html), so a Region that
    is lost for good leaves parts of its last ones. Where the scenario does that, what is wrong with a user or
    an email that the primary wrote within the replication window is to be expected: it is reported, and has
    to be repaired by hand.
    """
    subjects = frozenset(_under_way(evidence))
    return [
        replace(
            finding,
            sentence=f"{finding.sentence} The lost Region had not sent all of a write.",
            severity=Severity.NOTE,
        )
        if finding.invariant in TEARS and not subjects.isdisjoint(finding.evidence)
        else finding
        for finding in findings
    ]


def _under_way(evidence: Evidence) -> Iterator[str]:
    """Name the users and emails that the primary may have written within the window."""
    for attempt in evidence.attempts:
        if attempt.may_have_written and evidence.facts.may_be_lost(
            region=attempt.region, since=attempt.at, until=attempt.ended_at
        ):
            for wanted in attempt.asked.users:
                subjects = (wanted.user_id, patch(wanted.fields).get("email"))
                yield from (str(subject) for subject in subjects if subject)
            for stored in attempt.answered.users if attempt.answered else ():
                yield from (stored.user_id, stored.email)
