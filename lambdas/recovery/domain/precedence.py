"""Which version of a user is the current one after a replay."""

from collections.abc import Iterable
from typing import NamedTuple

from lambdas.recovery.domain.lineage import Lineage
from lambdas.recovery.domain.record import Kept, Record


class Decision(NamedTuple):
    """The version that is the last word on a user, maybe a deletion, and one that cannot be that too."""

    last: Record | None
    overruled: Record | None = None


def decided(lineage: Lineage, former: Kept, restored: Kept) -> Decision:
    """Decide what a user is after the replay.

    The version that was current in the former table is, or what builds on it. Where the former table has
    none, a deletion says that the user was deleted. Without one a script removed the row, and the last
    version is current. Of branches, the one that was written last is taken where nothing says which won.

    A version that only the restored table has was there at the restore point and is gone from the former one
    with a deletion or by its expiry, or else it was written to the restored table since. It gives way in the
    first case. In the second it stays, for it was acknowledged too; what the former table has is then
    overruled unless it builds on that.
    """
    here = _present(restored)
    wanted = _wanted(lineage, former, restored, here)
    if here is None or wanted is None:
        return Decision(wanted or here)
    if here.version_id in former.versions or _is_past(lineage, here, wanted, former):
        return Decision(wanted)
    return Decision(here, None if _is_past(lineage, wanted, here, restored) else wanted)


def _present(restored: Kept) -> Record | None:
    """Return the last word of the restored table."""
    if restored.current is not None:
        return restored.versions[restored.current.version_id]
    return _latest(restored.versions.values(), _ended(restored.versions.values()))


def _wanted(lineage: Lineage, former: Kept, restored: Kept, here: Record | None) -> Record | None:
    """Return the last word of the former table."""
    if former.current is not None:
        return lineage.leaf(lineage.images[former.current.version_id])
    news = [record for record in lineage.records.values() if record.version_id not in restored.versions]
    ended = _ended(lineage.records.values())
    if here is not None and not here.deletes and here.created_at not in _ended(news):
        ended.discard(here.created_at)  # the restored table had it although it knew of the deletion
    start = _latest([*news, here] if here else news, ended)
    return None if start is None else lineage.leaf(start)


def _ended(records: Iterable[Record]) -> set[str]:
    """Return the lives that end."""
    return {record.created_at for record in records if record.deletes}


def _latest(records: Iterable[Record], ended: set[str]) -> Record | None:
    """Return the last one, by the deletion alone for a life that ended."""
    telling = [record for record in records if record.deletes == (record.created_at in ended)]
    return max(telling, key=lambda record: record.version_id, default=None)


def _is_past(lineage: Lineage, one: Record, other: Record, table: Kept) -> bool:
    """Tell whether a version gave way to another, as far as the table that has the other one says."""
    return (
        one in lineage.chain(other)
        or (one.deletes and other.created_at > one.version.at)
        or any(
            record.deletes and record.created_at == one.created_at and record.version_id > one.version_id
            for record in table.versions.values()
        )
        or (
            one.created_at == other.created_at
            and one.version_id < other.version_id
            and lineage.is_broken(other)
        )
    )
