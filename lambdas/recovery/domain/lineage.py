"""The versions of one user, as they hang together without the corruption."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from lambdas.recovery.domain.corruption import Corruption
from lambdas.recovery.domain.rebase import mended, rebased
from lambdas.recovery.domain.record import Kept, Record

NOTHING: AbstractSet[str] = frozenset()


class Lineage:
    """What each version of the former table is in the restored one.

    `images` has that by the id of the former: the version itself, put upon another where it has to be, or the
    last good one before it where it is the corruption itself. `records` are the images by their own ids.
    `corrupt` counts the versions that are left out. `withheld` are those that an earlier replay put into the
    restored table without their email.
    """

    def __init__(self, images: Mapping[str, Record], *, corrupt: int, withheld: Sequence[Record]) -> None:
        self.images = images
        self.records = {record.version_id: record for record in images.values()}
        self.corrupt = corrupt
        self.withheld = withheld
        self._followers: dict[str, list[Record]] = defaultdict(list)
        for record in self.records.values():
            self._followers[record.version.supersedes or ""].append(record)

    def chain(self, record: Record) -> Iterator[Record]:
        """Yield a version, the one that it supersedes, and so on as far as they are known."""
        while True:
            yield record
            former = self.records.get(record.version.supersedes or "")
            if former is None or former.version_id >= record.version_id:
                return
            record = former

    def is_broken(self, record: Record) -> bool:
        """Tell whether a version before this one is not known: it expired, or went with a deletion."""
        *_, first = self.chain(record)
        return first.version.supersedes is not None

    def leaf(self, record: Record) -> Record:
        """Return the last of what builds on a version: of several branches, the end that was written last."""
        ends, todo = [], [record]
        while todo:
            each = todo.pop()
            followers = [one for one in self._followers[each.version_id] if one.version_id > each.version_id]
            todo += followers
            ends += [] if followers else [each]
        return max(ends, key=lambda end: end.version_id)

    def since(self, record: Record) -> Record:
        """Return the version since which a user has had the email of this one."""
        first = record
        for each in self.chain(record):
            if each.email != record.email:
                break
            first = each
        return first


def lineage(
    former: Kept, restored: Kept, corruption: Corruption | None, *, without_email: AbstractSet[str] = NOTHING
) -> Lineage:
    """Put the versions of the former table upon those of the restored one.

    What the restored table has is taken as it is there. Versions with an id in `without_email` do not change
    the email.
    """
    images = dict(restored.versions)
    corrupt, withheld = 0, []
    for record in sorted(former.versions.values(), key=lambda each: (each.version.number, each.version_id)):
        there = restored.versions.get(record.version_id)
        if there == record:
            continue
        image = _image(record, former, images, corruption, record.version_id in without_email)
        if there is None:
            images[record.version_id] = image or images[record.version.supersedes or ""]
            corrupt += image is None
        elif image is not None and image.email != there.email:
            withheld.append(there)
    return Lineage(images, corrupt=corrupt, withheld=withheld)


def _image(
    record: Record,
    former: Kept,
    images: Mapping[str, Record],
    corruption: Corruption | None,
    without_email: bool,
) -> Record | None:
    """Find what a version is made from, and put it there; None is the corruption itself."""
    supersedes = record.version.supersedes
    if supersedes is None:
        return record
    base = images.get(supersedes)
    if base is None:
        earlier = [
            each
            for each in images.values()
            if each.created_at == record.created_at and each.version_id < record.version_id
        ]
        base = max(earlier, key=lambda each: each.version_id, default=None)
        return mended(record, base=base, corruption=corruption, without_email=without_email)
    parent = former.versions.get(supersedes, base)
    return rebased(record, parent=parent, base=base, corruption=corruption, without_email=without_email)
