"""What became of users: of those who were damaged, and of everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.drill.finding import Finding
from pipeline.drill.rows import CLAIMED, DELETED, Row, Table, Version
from pipeline.restore.damage import Damage
from pipeline.restore.evidence import EMAIL, RestoreEvidence
from pipeline.restore.invariant import Repaired


@dataclass(frozen=True, kw_only=True)
class Repair:
    """How many users were damaged; `deleted` are those of them whom clients deleted themselves since."""

    damaged: int
    repaired: int
    deleted: int

    @property
    def left(self) -> int:
        """How many are damaged still."""
        return self.damaged - self.repaired - self.deleted


def repair(evidence: RestoreEvidence, unrepaired: Sequence[Finding]) -> Repair:
    """Count who was repaired, in both Regions, beside those who are found to be damaged still."""
    left = {finding.evidence[0] for finding in unrepaired}
    gone = {
        damage.user_id
        for damage in evidence.damaged
        if damage.user_id not in left
        and any(damage.user_id not in table.current for table in evidence.drill.tables)
    }
    count = len(evidence.damaged)
    return Repair(damaged=count, repaired=count - len(left) - len(gone), deleted=len(gone))


def unrepaired(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Find everybody who was damaged and is not as before: gone, or with another email.

    Whom a client deleted itself may be gone.
    """
    for damage in evidence.damaged:
        for table in evidence.drill.tables:
            current = table.current.get(damage.user_id)
            if current is None and _may_be_gone(evidence, table, damage.user_id, damage.version_id):
                continue
            state = _state(damage, current)
            if state:
                yield Finding(
                    invariant=Repaired.UNREPAIRED,
                    sentence=f"In {table.region}, user {damage.user_id}, who was {damage.how}, {state}.",
                    evidence=(damage.user_id, damage.version_id),
                )


def lost_users(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Find users who were there before, or were acknowledged since, and are gone though nobody deleted them.

    Of those who are there the version is found that was current before and is not recorded any more.
    """
    before = evidence.drill.before
    known = {user_id: version.at for user_id, version in before.current.items()}
    for promise in evidence.drill.promised.versions:
        known[promise.user_id] = max(known.get(promise.user_id, ""), promise.at or "")
    for table in evidence.drill.tables:
        for user_id, since in known.items():
            if user_id in table.current:
                yield from _lost_version(table, before.current.get(user_id))
            elif not _may_be_gone(evidence, table, user_id, since):
                yield Finding(
                    invariant=Repaired.LOST_USER,
                    sentence=f"In {table.region}, user {user_id} is gone, and nobody deleted it.",
                    evidence=(user_id,),
                )


def bad_values(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Find rows that hold what the bad deploy wrote, and were not there before: versions and claims.

    What a drill before left in the history of users whom it put back is no fault of this one.
    """
    before = evidence.drill.before
    for table in evidence.drill.tables:
        for key, row in table.rows.items():
            emails = (key.user_id.removeprefix(CLAIMED), *_emails(row))
            if any(evidence.is_bad(email) for email in emails) and before.rows.get(key) != row:
                yield Finding(
                    invariant=Repaired.BAD_VALUE,
                    sentence=f"In {table.region}, row {key} holds what the bad deploy wrote.",
                    evidence=(str(key),),
                )


def _emails(row: Row) -> Iterator[str]:
    """Yield the email of a current row, and that of a recorded version."""
    for place in (row, row.get("profile", {}).get("M", {})):
        if EMAIL in place:
            yield str(place[EMAIL]["S"])


def _may_be_gone(evidence: RestoreEvidence, table: Table, user_id: str, since: str) -> bool:
    """Tell whether a deletion explains that a user is not there: one recorded since, or a client's."""
    later = (version for version in table.history.get(user_id, ()) if version.version_id > since)
    recorded = any(version.change == DELETED for version in later)
    return recorded or user_id in evidence.drill.promised.possible_deletions


def _state(damage: Damage, current: Version | None) -> str:
    """Say in which way a user is not as before, nothing for one who is."""
    if current is None:
        return "is not there"
    email = (current.profile or {}).get(EMAIL)
    return "" if email == damage.email else f"has {email} and not {damage.email}"


def _lost_version(table: Table, before: Version | None) -> Iterator[Finding]:
    """Find the version that was current before, where a user who is there has lost it, and lives on."""
    if before is None:
        return
    current = table.current[before.user_id]
    recorded = {version.version_id for version in table.history.get(before.user_id, ())}
    reborn = current.created_at > before.at  # deleted and created again
    if before.version_id not in {*recorded, current.version_id} and not reborn:
        yield Finding(
            invariant=Repaired.LOST_USER,
            sentence=f"In {table.region}, version {before.version_id} of user {before.user_id} is gone.",
            evidence=(before.user_id, before.version_id),
        )
