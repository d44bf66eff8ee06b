"""What is to be done to one user of the restored table."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum

from msgspec import Struct, structs

from lambdas.recovery.domain.corruption import Corruption
from lambdas.recovery.domain.lineage import NOTHING, Lineage, lineage
from lambdas.recovery.domain.precedence import Decision, decided
from lambdas.recovery.domain.record import Kept, Record


class Why(StrEnum):
    """Why a version is not what its client was told."""

    EMAIL = "Another user had its email before, and keeps it"
    VALUE = "It has a value of the corruption, and none before that is known"
    WRITTEN = "The restored table has a version in its place that the former one has not"
    CHANGED = "The restored table changed while the replay ran"
    UNREADABLE = "A row says nothing that can be taken over"


class Conflict(Struct, frozen=True, kw_only=True):
    """A version that was acknowledged and could not be applied in full, for somebody to look at."""

    user_id: str
    version_id: str
    why: Why


class Plan(Struct, frozen=True, kw_only=True):
    """One user of the restored table as it is to be.

    `current` is the version to be current, or None where there is to be none. `since` is the one since which
    it has had its email. `added` are the history rows to write, each after those that it builds on, and
    `removed` the ids of those that went with a deletion. `rebased` counts those added that are other than in
    the former table, `corrupt` the versions that are left out.
    """

    user_id: str
    former: Kept
    restored: Kept
    current: Record | None
    since: Record | None
    added: Sequence[Record]
    removed: Sequence[str]
    rebased: int
    corrupt: int
    conflicts: Sequence[Conflict]

    @property
    def moves(self) -> bool:
        """Tell whether the current row changes, comes or goes."""
        return self.restored.current != self.current

    def holds(self, email: str | None, *, former: bool = False) -> bool:
        """Tell whether the user has an email now, in the restored table or in the former one."""
        table = self.former if former else self.restored
        return table.current is not None and table.current.email == email


def plan(
    user_id: str,
    former: Kept,
    restored: Kept,
    corruption: Corruption | None,
    *,
    without_email: AbstractSet[str] = NOTHING,
) -> Plan:
    """Plan one user; versions with an id in `without_email` may not change the email.

    A life that began with such an email has no other one, and is left out in whole: its versions without a
    current row and a deletion would be those of somebody who is lost.
    """
    line = lineage(former, restored, corruption, without_email=without_email)
    decision = decided(line, former, restored)
    alive = decision.last if decision.last is not None and not decision.last.deletes else None
    since = line.since(alive) if alive else None
    homeless = since if since is not None and since.version_id in without_email else None
    without = _without(former, homeless) if homeless else former
    if without != former:
        rest = plan(user_id, without, restored, corruption, without_email=without_email)
        conflicts = [*rest.conflicts, *_left_out(line, former, rest)]
        return structs.replace(rest, former=former, corrupt=line.corrupt, conflicts=conflicts)
    covered = _covered(line, alive)
    added = _written(line, former.recorded - restored.recorded - covered)
    current = None if homeless else alive
    return Plan(
        user_id=user_id,
        former=former,
        restored=restored,
        current=current,
        since=since,
        added=added,
        removed=sorted(covered & restored.recorded),
        rebased=sum(record != former.versions[record.version_id] for record in added),
        corrupt=line.corrupt,
        conflicts=list(_conflicts(user_id, line, decision, current, corruption, without_email)),
    )


def _written(line: Lineage, version_ids: AbstractSet[str]) -> Sequence[Record]:
    """Put the versions with these ids in order, each after those that it builds on."""
    in_order = sorted(line.records.values(), key=lambda each: (each.version.number, each.version_id))
    return [record for record in in_order if record.version_id in version_ids]


def _without(kept: Kept, life: Record) -> Kept:
    """Leave the life of a version out of what a table has."""
    versions = {key: record for key, record in kept.versions.items() if record.created_at != life.created_at}
    stays = kept.current is not None and kept.current.version_id in versions
    return Kept(
        versions=versions, recorded=kept.recorded & versions.keys(), current=kept.current if stays else None
    )


def _left_out(line: Lineage, former: Kept, rest: Plan) -> Iterator[Conflict]:
    """Find the good versions of a life that is not part of a plan, but for those that it names already."""
    there = rest.former.versions.keys() | rest.restored.versions.keys()
    told = {conflict.version_id for conflict in rest.conflicts}
    for version_id in sorted((former.versions.keys() & line.records.keys()) - there - told):
        yield Conflict(user_id=rest.user_id, version_id=version_id, why=Why.EMAIL)


def _covered(line: Lineage, alive: Record | None) -> AbstractSet[str]:
    """Find the versions that went with a deletion: those before the last one of a life that is over."""
    ends: Mapping[str, str] = {
        record.created_at: record.version_id
        for record in sorted(line.records.values(), key=lambda each: each.version_id)
        if record.deletes and (alive is None or record.created_at != alive.created_at)
    }
    return {
        record.version_id
        for record in line.records.values()
        if not record.deletes and record.version_id < ends.get(record.created_at, "")
    }


def _conflicts(
    user_id: str,
    line: Lineage,
    decision: Decision,
    current: Record | None,
    corruption: Corruption | None,
    without_email: AbstractSet[str],
) -> Iterator[Conflict]:
    """Find what clients were told and is not so."""
    withheld = {record.version_id for record in line.withheld} | without_email
    for version_id in sorted(withheld):
        yield Conflict(user_id=user_id, version_id=version_id, why=Why.EMAIL)
    if decision.overruled is not None:
        yield Conflict(user_id=user_id, version_id=decision.overruled.version_id, why=Why.WRITTEN)
    if current is not None and corruption is not None and corruption.marks(current.profile):
        yield Conflict(user_id=user_id, version_id=current.version_id, why=Why.VALUE)
