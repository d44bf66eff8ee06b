"""Whether one user was put back, and nobody else's rows were changed but by their own clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from pipeline.drill.attempt import Attempt
from pipeline.drill.finding import Finding
from pipeline.drill.profile import normalised, patch
from pipeline.drill.rows import CLAIMED, OTHER_ROWS, Key, Table
from pipeline.restore.damage import Damage
from pipeline.restore.evidence import RestoreEvidence
from pipeline.restore.invariant import Repaired
from pipeline.restore.profile import profile_of


def not_put_back(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Find in which Regions a damaged user has another profile than before, or lost a version of its history.

    The bad version is one of these: it is superseded, and stays.
    """
    for damage in evidence.damaged:
        for table in evidence.drill.tables:
            yield from _not_as_before(damage, table)
            recorded = {version.version_id for version in table.history.get(damage.user_id, ())}
            for version in evidence.drill.histories.get(damage.user_id, ()):
                if version.version_id not in recorded:
                    yield _found(damage, table, f"lacks version {version.version_id} in its history")
            for version in evidence.drill.before.history.get(damage.user_id, ()):
                if version.version_id not in recorded:
                    yield _found(damage, table, f"lost version {version.version_id} of its history")


def touched(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Find rows that are not as before, and that no request of the ledger was about."""
    about = _about(evidence.drill.attempts)
    before = evidence.drill.before.rows
    for table in evidence.drill.tables:
        for key in dict.fromkeys((*before, *table.rows)):
            if before.get(key) != table.rows.get(key) and not _is_of(key, about):
                yield Finding(
                    invariant=Repaired.TOUCHED,
                    sentence=f"In {table.region}, row {key} is not as before, and nobody asked for that.",
                    evidence=(str(key),),
                )


def _not_as_before(damage: Damage, table: Table) -> Iterator[Finding]:
    current = table.current.get(damage.user_id)
    good = {name: value for name, value in profile_of(damage.current).items() if value is not None}
    if current is None or current.profile != good:
        yield _found(damage, table, "does not have the profile that it had")


def _found(damage: Damage, table: Table, what: str) -> Finding:
    return Finding(
        invariant=Repaired.UNREPAIRED,
        sentence=f"In {table.region}, user {damage.user_id} {what}.",
        evidence=(damage.user_id,),
    )


def _about(attempts: Sequence[Attempt]) -> AbstractSet[str]:
    """Name the users and emails of all requests."""
    found = set[str]()
    for attempt in attempts:
        for wanted in attempt.asked.users:
            found |= {str(name) for name in (wanted.user_id, patch(wanted.fields).get("email")) if name}
        for stored in attempt.answered.users if attempt.answered else ():
            found |= {stored.user_id, normalised(stored.email)}
    return found


def _is_of(key: Key, about: AbstractSet[str]) -> bool:
    """Tell whether a row is of one of these users or emails, or one that is compared between Regions only."""
    return key.user_id.startswith(OTHER_ROWS) or key.user_id.removeprefix(CLAIMED) in about
