"""What became of each acknowledged write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from pipeline.drill.attempt import Attempt
from pipeline.drill.facts import Facts
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.lineage import Standing, standings
from pipeline.drill.promise import Promise, Promises
from pipeline.drill.rows import DELETED, Table, Version


class Fate(StrEnum):
    """What became of an acknowledged write.

    It is the current version, an earlier one that this builds on, one that forked off and is kept in the
    history, gone with its user, or gone although it was promised.
    """

    CURRENT = "current"
    SUPERSEDED = "superseded"
    OVERRULED = "overruled"
    DELETED = "deleted"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class LostWrite:
    """A write that was acknowledged at a time and is not there, in the Regions that lack it."""

    write_id: str
    attempt_id: str
    acknowledged_at: float
    regions: tuple[str, ...]
    within_window: bool


@dataclass(frozen=True, kw_only=True)
class Durability:
    """How many writes were acknowledged, how many met each fate, and those that are lost, the oldest first.

    A fate that no write met is not named. `rpo_s` is how long before the fault the oldest lost write was
    acknowledged, in seconds; 0 without one, or where all of them came after it.
    """

    acknowledged: int
    fates: Mapping[Fate, int]
    lost: Sequence[LostWrite]
    rpo_s: float


def durability(promised: Promises, tables: Sequence[Table], facts: Facts) -> Durability:
    """Judge every promise by the tables; one that any of the Regions lacks is lost."""
    missing: dict[str, tuple[Promise, list[str]]] = {}
    counts: Counter[Fate] = Counter()
    judged = [list(fates(promised, table)) for table in tables]
    for verdicts in zip(*judged, strict=True):
        lacking = [
            table.region for table, (_, fate) in zip(tables, verdicts, strict=True) if fate is Fate.LOST
        ]
        promise, fate = verdicts[0]
        counts[Fate.LOST if lacking else fate] += 1
        if lacking:
            missing[promise.write_id + (promise.at or "")] = (promise, lacking)
    lost = sorted(
        (_lost(promise, regions, facts) for promise, regions in missing.values()),
        key=lambda write: write.acknowledged_at,
    )
    rpo_s = max(0.0, facts.fault_at - lost[0].acknowledged_at) if lost else 0.0
    return Durability(acknowledged=promised.count, fates=dict(counts), lost=lost, rpo_s=rpo_s)


def losses(found: Durability, facts: Facts) -> Sequence[Finding]:
    """Return a finding for each lost write: a note if the scenario may lose it, or else a violation."""
    return [_finding(lost, facts) for lost in found.lost]


def fates(promised: Promises, table: Table) -> Iterator[tuple[Promise, Fate]]:
    """Yield every promise with its fate in one Region, always in the same order."""
    views: dict[str, _View] = {}
    for promise in promised.versions:
        user_id = promise.user_id
        view = views.get(user_id) or views.setdefault(user_id, _View.of(user_id, table))
        yield promise, _fate(promise, view, promised.possible_deletions.get(user_id, ()))
    for user_id, deletions in promised.deletions.items():
        tombstones = sum(version.change == DELETED for version in table.history.get(user_id, ()))
        for number, promise in enumerate(deletions, start=1):
            yield promise, Fate.DELETED if number <= tombstones else Fate.LOST


@dataclass(frozen=True, kw_only=True, slots=True)
class _View:
    """What one Region has of one user; `standing` is that of each recorded version by its time."""

    current: Version | None
    standing: Mapping[str, Standing]
    last_deletion: str

    @classmethod
    def of(cls, user_id: str, table: Table) -> Self:
        """Look a user up."""
        history, current = table.history.get(user_id, ()), table.current.get(user_id)
        placed = {} if current is None else standings(history, current)
        return cls(
            current=current,
            standing={version.at: placed[version.version_id] for version in history if placed},
            last_deletion=max((version.at for version in history if version.change == DELETED), default=""),
        )


def _fate(promise: Promise, view: _View, deletions: Sequence[Attempt]) -> Fate:
    """Judge the promise of a version."""
    at = promise.at or ""
    if view.current is not None and view.current.at == at:
        return Fate.CURRENT
    if view.last_deletion >= at:
        return Fate.DELETED
    if view.current is None:
        later = any(delete.ended_at >= promise.attempt.at for delete in deletions)
        return Fate.DELETED if later else Fate.LOST
    return _FATES[view.standing.get(at, Standing.AHEAD)]


_FATES = {
    Standing.CURRENT: Fate.CURRENT,
    Standing.SUPERSEDED: Fate.SUPERSEDED,
    Standing.OVERRULED: Fate.OVERRULED,
    Standing.AHEAD: Fate.LOST,
}


def _lost(promise: Promise, regions: Sequence[str], facts: Facts) -> LostWrite:
    """Describe a lost write."""
    attempt = promise.attempt
    return LostWrite(
        write_id=promise.write_id,
        attempt_id=attempt.asked.id,
        acknowledged_at=attempt.ended_at,
        regions=tuple(regions),
        within_window=_may_be_lost(promise, facts),
    )


def _may_be_lost(promise: Promise, facts: Facts) -> bool:
    """Tell whether the loss of the primary explains that a write is missing.

    A version that is older than the request for it was made by an earlier attempt, perhaps in the primary:
    the secondary had its receipt and repeated the answer, but the user's own rows never came.
    """
    attempt = promise.attempt
    if facts.may_be_lost(region=attempt.region, since=attempt.ended_at, until=attempt.ended_at):
        return True
    if promise.at is None:
        return False
    made_at = datetime.fromisoformat(promise.at).timestamp()
    return made_at < attempt.at and facts.may_be_lost(region=None, since=made_at, until=made_at)


def _finding(lost: LostWrite, facts: Facts) -> Finding:
    """Say whether a loss was to be expected."""
    before = facts.fault_at - lost.acknowledged_at
    when = f"{abs(before):.3f} s {'before' if before >= 0 else 'after'} the fault"
    what = f"Write {lost.write_id} was acknowledged {when} and is missing in {' and '.join(lost.regions)}"
    outside = facts.loss_window_s > 0 and not lost.within_window
    if facts.loss_window_s > 0:
        what += f", {'outside' if outside else 'within'} the replication window of {facts.loss_window_s:g} s"
    return Finding(
        invariant=Invariant.LOST_OUTSIDE if outside else Invariant.LOST,
        sentence=f"{what}.",
        evidence=(lost.write_id, lost.attempt_id),
        severity=Severity.NOTE if lost.within_window else Severity.VIOLATION,
    )
