"""Whether the rows of one Region agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.drill.finding import Finding, Invariant
from pipeline.drill.profile import normalised
from pipeline.drill.rows import CREATED, DELETED, Table, Version

Check = Callable[[Table], Iterator[Finding]]


def integrity(table: Table, before: Table) -> Sequence[Finding]:
    """Return what is wrong with a table and was not so before the drill."""
    return [
        finding
        for check in CHECKS
        for known in [{finding.evidence for finding in check(before)}]
        for finding in check(table)
        if finding.evidence not in known
    ]


def unclaimed(table: Table) -> Iterator[Finding]:
    """Find users and email claims that are not one to one."""
    for user_id, version in table.current.items():
        email = normalised(str((version.profile or {}).get("email", "")))
        owner = table.claims.get(email)
        if owner != user_id:
            holder = "by nobody" if owner is None else f"by {owner}"
            yield Finding(
                invariant=Invariant.CLAIMS,
                sentence=f"In {table.region}, user {user_id} has {email}, which is claimed {holder}.",
                evidence=(user_id, email),
            )
    for email, owner in table.claims.items():
        current = table.current.get(owner)
        if current is None or (current.profile or {}).get("email") != email:
            state = "is not there" if current is None else "has another one"
            yield Finding(
                invariant=Invariant.CLAIMS,
                sentence=f"In {table.region}, {email} is claimed by user {owner}, who {state}.",
                evidence=(email, owner),
            )


def resurrected(table: Table) -> Iterator[Finding]:
    """Find users who are there although they were deleted, and nothing created them again."""
    for user_id, version in table.current.items():
        for deletion in table.history.get(user_id, ()):
            if deletion.change == DELETED and deletion.at > version.created_at:
                yield Finding(
                    invariant=Invariant.RESURRECTED,
                    sentence=f"In {table.region}, user {user_id} is there at version {version.number}, "
                    f"but was deleted at {deletion.at}.",
                    evidence=(user_id, version.version_id, deletion.version_id),
                )


def unrecorded(table: Table) -> Iterator[Finding]:
    """Find current versions that the history does not have, or tells differently; their emails name them too.

    A client whose creation was never answered knows its user by nothing else.
    """
    for user_id, version in table.current.items():
        recorded = {row.version_id: row for row in table.history.get(user_id, ())}.get(version.version_id)
        if recorded != version:
            how = "has no history row" if recorded is None else "differs from its history row"
            yield Finding(
                invariant=Invariant.RECORDED,
                sentence=f"In {table.region}, the current version {version.number} of user {user_id} {how}.",
                evidence=(user_id, version.version_id, *_email(version)),
            )


def _email(version: Version) -> tuple[str, ...]:
    """Return the email of a version, if it has one."""
    return (str(version.profile["email"]),) if version.profile and "email" in version.profile else ()


def gaps(table: Table) -> Iterator[Finding]:
    """Find versions whose number does not follow that of one that is there.

    Only the life of a current user is looked at: with a user go its versions, but for the deletion. A fork is
    no gap, since both of its versions follow one that is there.
    """
    for user_id, current in table.current.items():
        life = [row for row in table.history.get(user_id, ()) if row.at >= current.created_at]
        known = {row.version_id: row for row in life}
        for version in life:
            if not _follows(version, known.get(version.supersedes or "")):
                yield Finding(
                    invariant=Invariant.SEQUENCE,
                    sentence=f"In {table.region}, version {version.number} of user {user_id} supersedes "
                    f"{version.supersedes or 'nothing'}, which is not the version before it.",
                    evidence=(user_id, version.version_id, version.supersedes or ""),
                )


def _follows(version: Version, parent: Version | None) -> bool:
    """Tell whether a version is a first one or has the number after its parent's."""
    if version.supersedes is None:
        return version.number == 1 and version.change == CREATED
    return parent is not None and version.number == parent.number + 1 and version.at > parent.at


CHECKS: Sequence[Check] = (unclaimed, resurrected, unrecorded, gaps)
