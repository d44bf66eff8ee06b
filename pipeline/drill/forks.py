"""Two versions where there should be one: forks, and users who were created more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.drill.attempt import Attempt
from pipeline.drill.finding import Finding, Invariant, Severity
from pipeline.drill.profile import Profile, created
from pipeline.drill.rows import CREATED, DELETED, Version

Histories = Mapping[str, Sequence[Version]]
Sender = tuple[str, object]  # an idempotency key, and the email of one of its users


def forks(histories: Histories, before: Histories) -> Sequence[Finding]:
    """Return a finding for each set of versions, not all there `before`, that supersede the same one.

    That two Regions wrote before either heard of the other is a note. Two of one Region are a violation: its
    own condition should have stopped the second.
    """
    old = {(user, version.version_id) for user, versions in before.items() for version in versions}
    return [
        _fork(user_id, rivals)
        for user_id, versions in histories.items()
        for rivals in _rivals(versions)
        if any((user_id, rival.version_id) not in old for rival in rivals)
    ]


def several_users(attempts: Sequence[Attempt], histories: Histories) -> Sequence[Finding]:
    """Return a finding for each idempotency key under which one new user became several.

    The users are those that answers name, in whichever Region, and those that were created with just the
    content that was sent with the key.
    """
    made: dict[Sender, dict[str, None]] = {}
    senders: dict[frozenset[tuple[str, object]], set[Sender]] = {}
    for attempt in attempts:
        key = attempt.asked.key
        if key is None or not attempt.asked.operation.creates or not attempt.may_have_written:
            continue
        for wanted in attempt.asked.users:
            profile = created(wanted.fields)
            senders.setdefault(_content(profile), set()).add((key, profile.get("email")))
        for stored in attempt.answered.users if attempt.answered else ():
            made.setdefault((key, stored.email), {})[stored.user_id] = None
    for user_id, versions in histories.items():
        for version in versions:
            known = senders.get(_content(version.profile or {}), ()) if version.change == CREATED else ()
            if len(known) == 1:  # what was sent with two keys could be of either
                made.setdefault(next(iter(known)), {})[user_id] = None
    return [_several(sender, users) for sender, users in made.items() if len(users) > 1]


def _several(sender: Sender, users: Iterable[str]) -> Finding:
    """Describe a user who became several."""
    key, email = sender
    evidence = (key, str(email), *users)
    return Finding(
        invariant=Invariant.ONE_KEY,
        sentence=f"The idempotency key {key} made {len(evidence) - 2} users of one.",
        evidence=evidence,
    )


def _rivals(versions: Sequence[Version]) -> Iterator[Sequence[Version]]:
    """Group a user's versions by what they supersede; first versions, by the life that they begin."""
    followers: dict[str, list[Version]] = defaultdict(list)
    life = 0
    for version in versions:
        followers[version.supersedes or f"life {life}"].append(version)
        life += version.change == DELETED
    return (rivals for rivals in followers.values() if len(rivals) > 1)


def _fork(user_id: str, rivals: Sequence[Version]) -> Finding:
    """Describe a fork."""
    regions = [rival.region for rival in rivals]
    within_one = len(set(regions)) < len(regions)
    of = rivals[0].supersedes or "nothing"
    both = " and ".join(f"{rival.version_id} ({rival.change})" for rival in rivals)
    where = "one Region wrote both" if within_one else "the Regions wrote at once"
    return Finding(
        invariant=Invariant.FORK,
        sentence=f"Of user {user_id}, {both} supersede {of}: {where}.",
        evidence=(user_id, *(rival.version_id for rival in rivals)),
        severity=Severity.VIOLATION if within_one else Severity.NOTE,
    )


def _content(profile: Profile) -> frozenset[tuple[str, object]]:
    """Make a profile fit for a dictionary's key."""
    return frozenset(profile.items())
