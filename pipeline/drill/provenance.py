"""Whether clients explain every version that is there, and each of them only once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.drill.attempt import Attempt, Operation, Stored, Wanted
from pipeline.drill.finding import Finding, Invariant
from pipeline.drill.profile import Profile, created, patch, updated
from pipeline.drill.rows import CREATED, DELETED, Version

Histories = Mapping[str, Sequence[Version]]


class Request(NamedTuple):
    """One user of an attempt; `place` is which."""

    attempt: Attempt
    wanted: Wanted
    place: int

    @property
    def is_open(self) -> bool:
        """Tell whether no answer says what this user became: none came, or it was left out of a batch's."""
        answered = self.attempt.answered
        if answered is None or not self.attempt.acknowledged:
            return True
        emails = {stored.email for stored in answered.users}
        return self.attempt.asked.operation is Operation.BATCH and self.email not in emails

    @property
    def email(self) -> object:
        """The email that it sends, as it is stored; None where it sends none."""
        return patch(self.wanted.fields).get("email")


def unexplained(attempts: Sequence[Attempt], histories: Histories, before: Histories) -> Sequence[Finding]:
    """Return a finding for each version, not there `before`, that no attempt explains.

    What an answer named must be what its request asked for, its If-Match included, and is explained by it.
    Any other version needs an attempt of unknown end that sent its content, and each such attempt explains
    one: what was sent once and is there twice was written twice. A request that was refused explains
    nothing. Requests are told apart by their content, so no two writes may send the same.
    """
    sent = _Sent(attempts)
    old = {(user, version.version_id) for user, versions in before.items() for version in versions}
    found: list[Finding] = []
    for user_id, versions in histories.items():
        by_id = {version.version_id: version for version in versions}
        for version in versions:
            if (user_id, version.version_id) in old:
                continue
            content = _Content(version, by_id.get(version.supersedes or ""))
            found.extend(_judge(content, sent))
    return found


class _Content:
    """What a version says, and what it changed of the one before, where that is still there."""

    def __init__(self, version: Version, parent: Version | None) -> None:
        self.version = version
        self.profile: Profile = version.profile or {}
        self._parent = None if parent is None else parent.profile
        known: Profile = self._parent or {}
        self.has_parent = self._parent is not None
        fields = {*self.profile, *known}
        self.changes = {
            name: self.profile.get(name) for name in fields if self.profile.get(name) != known.get(name)
        }

    def is_of(self, request: Request) -> bool:
        """Tell whether a request, if it was served, makes this version."""
        attempt, wanted, version = request.attempt, request.wanted, self.version
        if wanted.user_id not in (None, version.user_id):
            return False
        if attempt.asked.if_match not in (None, "*", f'"{version.supersedes}"'):
            return False
        if version.change == DELETED:
            return attempt.asked.operation is Operation.DELETE
        if version.change == CREATED:
            return attempt.asked.operation.creates and created(wanted.fields) == self.profile
        if attempt.asked.operation is not Operation.UPDATE:
            return False
        return updated(self._parent or self.profile, wanted.fields) == self.profile


class _Sent:
    """All requests that may have written, by what they may have made."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self.named: dict[tuple[str, str], Request] = {}
        self._by_value: dict[tuple[object, ...], list[Request]] = defaultdict(list)
        self._used: set[tuple[str, int]] = set()
        for attempt in attempts:
            if not attempt.may_have_written:
                continue
            requests = [Request(attempt, wanted, place) for place, wanted in enumerate(attempt.asked.users)]
            for request in requests:
                for value in _values(request):
                    self._by_value[value].append(request)
            if attempt.acknowledged and attempt.answered is not None:
                self._name(requests, attempt.answered.users)

    def candidates(self, content: _Content) -> Sequence[Request]:
        """Return the requests that share the rarest value of what a version changed."""
        version = content.version
        if version.change == CREATED:
            return self._by_value.get((CREATED, content.profile.get("email")), ())
        if version.change == DELETED:
            return self._by_value.get((DELETED, version.user_id), ())
        changes = [(version.user_id, *change) for change in content.changes.items()]
        values: Sequence[tuple[object, ...]] = changes or [(version.user_id,)]
        lists = [self._by_value.get(value, ()) for value in values]
        if not content.has_parent:  # then some of what seems changed was there before
            lists = [requests for requests in lists if requests]
        return min(lists, key=len, default=())

    def take(self, content: _Content, fitting: Sequence[Request]) -> bool:
        """Use up one of the requests that fit a version and whose end did not name another."""
        for request in fitting:
            mark = (request.attempt.asked.id, request.place)
            if mark not in self._used and (request.is_open or content.version.change == DELETED):
                self._used.add(mark)
                return True
        return False

    def _name(self, requests: Sequence[Request], answered: Sequence[Stored]) -> None:
        """Note which request made each version that an answer names."""
        by_email = {request.email: request for request in requests}
        for stored in answered:
            request = requests[0] if len(requests) == 1 else by_email.get(stored.email)
            if request is not None:
                self.named.setdefault((stored.user_id, stored.at), request)


def _values(request: Request) -> Iterator[tuple[object, ...]]:
    """Name the values under which a request is looked for."""
    operation, wanted = request.attempt.asked.operation, request.wanted
    if operation.creates:
        yield CREATED, request.email
    elif operation is Operation.DELETE:
        yield DELETED, wanted.user_id
    else:
        yield (wanted.user_id,)
        for change in patch(wanted.fields).items():
            yield wanted.user_id, *change


def _judge(content: _Content, sent: _Sent) -> Iterator[Finding]:
    """Find the request behind one version, or say what is wrong."""
    version = content.version
    named = sent.named.get((version.user_id, version.at))
    row = f"version {version.number} of user {version.user_id} ({version.version_id}, {version.change})"
    if named is not None:
        if not content.is_of(named):
            yield Finding(
                invariant=Invariant.ALTERED,
                sentence=f"The {row} is not what attempt {named.attempt.asked.id} asked for.",
                evidence=(version.user_id, version.version_id, named.attempt.asked.id),
            )
        return
    fitting = [request for request in sent.candidates(content) if content.is_of(request)]
    if sent.take(content, fitting):
        return
    senders = sorted({request.attempt.asked.id for request in fitting})
    happened = "was written once more than it was sent" if senders else "is there, but nobody sent it"
    yield Finding(
        invariant=Invariant.TWICE if senders else Invariant.PHANTOM,
        sentence=f"The {row} {happened}.",
        evidence=(version.user_id, version.version_id, *senders),
    )
