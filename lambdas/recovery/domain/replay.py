"""What was acknowledged after the restore point and is not part of the corruption, user by user."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from lambdas.recovery.domain.corruption import Corruption
from lambdas.recovery.domain.plan import Plan, plan
from lambdas.recovery.domain.record import Kept

ABSENT = Kept()


class Transfer(Struct, frozen=True, kw_only=True):
    """An email that changes hands; None is nobody."""

    email: str
    giver: str | None
    taker: str | None


def plans(
    former: Mapping[str, Kept], restored: Mapping[str, Kept], corruption: Corruption | None
) -> Mapping[str, Plan]:
    """Plan every user that either table has, by id, so that no two get one email by the replay.

    Where two would, the one who had it first keeps it, as if the corruption had never set it free: the other
    one's write would then have been refused. That one keeps the email from before, and whatever else its
    versions changed; this may in turn be somebody's, hence the rounds. In each, a user goes back at least one
    version, so they end.
    """
    made = {
        user_id: plan(user_id, former.get(user_id, ABSENT), restored.get(user_id, ABSENT), corruption)
        for user_id in sorted({*former, *restored})
    }
    withheld: dict[str, set[str]] = defaultdict(set)
    while losers := [loser for holders in _shared(made.values()) for loser in _losers(holders)]:
        for loser in losers:
            assert loser.since is not None  # noqa: S101  # whoever holds an email has had it since some version
            withheld[loser.user_id].add(loser.since.version_id)
            made[loser.user_id] = plan(
                loser.user_id,
                loser.former,
                loser.restored,
                corruption,
                without_email=withheld[loser.user_id],
            )
    return made


def unknown(user_id: str) -> Plan:
    """Plan somebody of whom neither table has a version, and who may have claimed an email all the same."""
    return plan(user_id, ABSENT, ABSENT, None)


def transfers(made: Mapping[str, Plan], claims: Mapping[str, str]) -> Sequence[Transfer]:
    """Return how claims to emails, owner by email, become one to one with the users as they are planned.

    Of users who have had one email in both tables, by a race of two Regions, the owner stays the owner.
    """
    holders: dict[str, list[str]] = defaultdict(list)
    for each in made.values():
        if each.current is not None and each.current.email is not None:
            holders[each.current.email].append(each.user_id)
    return [
        Transfer(email=email, giver=owner, taker=taker)
        for email in dict.fromkeys((*claims, *holders))
        for owner in [claims.get(email)]
        for taker in [_owner(owner, holders.get(email, ()))]
        if owner != taker
    ]


def _owner(owner: str | None, holders: Sequence[str]) -> str | None:
    """Choose one of an email's holders, the owner before others."""
    return owner if owner in holders else next(iter(holders), None)


def _shared(made: Iterable[Plan]) -> Iterable[Sequence[Plan]]:
    """Group the users who would have one email."""
    holders: dict[str | None, list[Plan]] = defaultdict(list)
    for each in made:
        if each.current is not None:
            holders[each.current.email].append(each)
    return [group for group in holders.values() if len(group) > 1]


def _losers(holders: Sequence[Plan]) -> Sequence[Plan]:
    """Choose who may not have an email: all but the first, unless a table has them side by side."""
    first, *others = sorted(holders, key=_precedence)
    return [other for other in others if not _side_by_side(first, other)]


def _precedence(each: Plan) -> tuple[bool, str, str]:
    """Put those first who have the email in the restored table, then those who have had it the longest."""
    assert each.current is not None and each.since is not None  # noqa: S101  # the holder of an email
    return not each.holds(each.current.email), each.since.version_id, each.user_id


def _side_by_side(one: Plan, other: Plan) -> bool:
    """Tell whether two users have one email in one table: two Regions gave it away at once."""
    email = one.current.email if one.current else None
    return any(one.holds(email, former=at) and other.holds(email, former=at) for at in (False, True))
