"""How the versions of one user hang together by what each supersedes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pipeline.drill.rows import Version


class Standing(StrEnum):
    """Where a version stands to the one that is current."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    OVERRULED = "overruled"
    AHEAD = "ahead"


def standings(history: Sequence[Version], current: Version) -> Mapping[str, Standing]:
    """Return the standing of each recorded version of a user, by version_id.

    Superseded versions are those that the current one builds on, directly or not. Ahead are those that build
    on the current one: a row that is current should have given way to them. Overruled is every other one: it
    forked off, and last writer wins decided against it. Time does not decide between branches, since that
    rule goes by when a row was written, which is a moment later than what the version says.
    """
    known = {version.version_id: version for version in (*history, current)}
    found = {current.version_id: Standing.CURRENT}
    ancestor = current.supersedes
    while ancestor is not None and ancestor not in found:
        found[ancestor] = Standing.SUPERSEDED
        ancestor = known[ancestor].supersedes if ancestor in known else None
    for version in sorted(known.values(), key=lambda version: (version.number, version.version_id)):
        if version.version_id not in found:
            parent = found.get(version.supersedes or "")
            ahead = parent in (Standing.CURRENT, Standing.AHEAD)
            found[version.version_id] = Standing.AHEAD if ahead else Standing.OVERRULED
    return found
