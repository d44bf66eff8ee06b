"""A version put upon another one than that which it was made from."""

from collections.abc import Mapping

from msgspec import structs

from lambdas.recovery.domain.corruption import Corruption
from lambdas.recovery.domain.record import Record
from lambdas.users.domain.user import Profile


def rebased(
    record: Record,
    *,
    parent: Record,
    base: Record,
    corruption: Corruption | None,
    without_email: bool = False,
) -> Record | None:
    """Return a version as it would be had it been made from `base` and not from `parent`.

    What it changed of its parent it changes of the base, but for a bad value that it brought in. Its id
    stays, since clients were told that; its number and what it supersedes follow the base. Upon its own
    parent, a version without a bad value stays as it is. Returns None where the bad value is all that it
    changed: that is the corruption itself.
    """
    version = structs.replace(
        record.version, number=base.version.number + 1, supersedes=base.version.version_id
    )
    if record.profile is None or parent.profile is None or base.profile is None:
        return structs.replace(record, version=version)
    changes = _changes(parent.profile, record.profile)
    if corruption is not None and corruption.field in changes and corruption.marks(record.profile):
        del changes[corruption.field]
        if not changes:
            return None
    if without_email:
        changes.pop("email", None)
    return structs.replace(record, version=version, profile=structs.replace(base.profile, **changes))


def mended(
    record: Record, *, base: Record | None, corruption: Corruption | None, without_email: bool = False
) -> Record:
    """Return a version of which nobody knows what it was made from, with the base's good values for its bad.

    It keeps all the rest, its number too: whoever made it may have written any of that. A deletion, and a
    version before which nothing is known, stay as they are.
    """
    if record.profile is None or base is None or base.profile is None:
        return record
    bad = {corruption.field} if corruption is not None and corruption.marks(record.profile) else set[str]()
    if without_email:
        bad.add("email")
    return structs.replace(
        record,
        profile=structs.replace(record.profile, **{name: getattr(base.profile, name) for name in bad}),
    )


def _changes(before: Profile, after: Profile) -> dict[str, object]:
    """Find the fields that differ, with their later values."""
    earlier: Mapping[str, object] = structs.asdict(before)
    return {name: value for name, value in structs.asdict(after).items() if value != earlier[name]}
