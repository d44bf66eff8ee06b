"""Whether a restored table came with the state of its restore point, before anything was replayed into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.drill.durability import Fate, fates
from pipeline.drill.finding import Finding
from pipeline.drill.promise import promises
from pipeline.drill.rows import DELETED, Key, Table, Version, union
from pipeline.restore.evidence import RestoreEvidence
from pipeline.restore.invariant import Repaired

COMMITTED_S = 1.0  # a version is committed within so many seconds of the time that it is named after


@dataclass(frozen=True, kw_only=True)
class Absent:
    """A write that a restored table came without: which one, and when it was acknowledged at the latest."""

    user_id: str
    write: str
    acknowledged_at: float


def not_of_the_point(evidence: RestoreEvidence) -> Iterator[Finding]:
    """Find what the restored table came without, of its restore point, and what it had of later."""
    noted, came = evidence.noted, evidence.came
    if noted is None:
        return
    if came is None:
        yield _found(f"Nobody read {noted.restored} before the replay.")
        return
    point = _time(noted.restore_point)
    for absent in _absent(evidence, came, point):
        yield _found(
            f"{noted.restored} came without {absent.write} of user {absent.user_id}, which was acknowledged "
            f"{point - absent.acknowledged_at:.3f} s before the restore point.",
            absent.user_id,
            absent.write,
        )
    for versions in union(came).values():
        for version in versions:
            if _time(version.at) > point:
                yield _found(
                    f"{noted.restored} came with version {version.version_id} of user {version.user_id}, "
                    "which was made after the restore point.",
                    version.user_id,
                    version.version_id,
                )


def behind(evidence: RestoreEvidence) -> float | None:
    """Return how many seconds before the first bad write the oldest one is that the restored table lacked.

    It counts what was acknowledged before the first bad write, and is not in the table as it came. That is
    0 where nothing is missing, and None where nobody noted a restore point, or read the table.
    """
    noted, came = evidence.noted, evidence.came
    if noted is None or came is None:
        return None
    oldest = min(
        (absent.acknowledged_at for absent in _absent(evidence, came, noted.first_bad_at)),
        default=noted.first_bad_at,
    )
    return noted.first_bad_at - oldest


def least_users(former: Table, point: str) -> int:
    """Return how many users a table had at a restore point in RFC 3339 at the least, told by its history.

    Damage that takes the rows by which users are current leaves the history. Of a user whom somebody deleted
    since the deletion is left, which tells when the user was created.
    """
    at = _time(point)
    return sum(_lived(versions, at) for versions in union(former).values())


def _absent(evidence: RestoreEvidence, came: Table, until: float) -> Iterator[Absent]:
    """Find all that was acknowledged by a time and is not there: in this drill, or before it."""
    acknowledged = promises(attempt for attempt in evidence.drill.attempts if attempt.ended_at <= until)
    for promise, fate in fates(acknowledged, came):
        if fate is Fate.LOST:
            write = f"the version of {promise.at}" if promise.at else "the deletion"
            yield Absent(user_id=promise.user_id, write=write, acknowledged_at=promise.attempt.ended_at)
    there = union(came)
    for user_id, versions in union(evidence.drill.before).items():
        recorded = {version.version_id for version in there.get(user_id, ())}
        deleted_at = max((each.at for each in there.get(user_id, ()) if each.change == DELETED), default="")
        for version in versions:
            if _time(version.at) > until:
                continue
            gone = version.version_id not in recorded and not _expired(evidence, version)
            if (gone or _not_current(evidence, came, version)) and deleted_at <= version.at:
                what = f"version {version.version_id}"
                yield Absent(user_id=user_id, write=what, acknowledged_at=_time(version.at))


def _not_current(evidence: RestoreEvidence, came: Table, version: Version) -> bool:
    """Tell whether a version was current before the drill, of a user who is not there at all."""
    return (
        version == evidence.drill.before.current.get(version.user_id) and version.user_id not in came.current
    )


def _expired(evidence: RestoreEvidence, version: Version) -> bool:
    """Tell whether a version of before the drill might have expired by its end."""
    row = evidence.drill.before.rows.get(Key(version.user_id, version.version_id), {})
    ends = max((attempt.ended_at for attempt in evidence.drill.attempts), default=0.0)
    return "expires_at" in row and int(row["expires_at"]["N"]) <= ends


def _lived(versions: Sequence[Version], at: float) -> bool:
    """Tell whether a user was there at a time for certain: created long enough before it, not deleted."""
    until = [version for version in versions if _time(version.at) <= at]
    if until and until[-1].change == DELETED:
        return False
    return _time((until[-1] if until else versions[0]).created_at) <= at - COMMITTED_S


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _found(sentence: str, *evidence: str) -> Finding:
    return Finding(invariant=Repaired.STATE, sentence=sentence, evidence=evidence)
