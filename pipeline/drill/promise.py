"""What clients were promised: each user's version that an answer named, and each deletion, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.drill.attempt import Attempt, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """An acknowledged write of one user; `at` is the time of the version that was named, None for a deletion.

    Retries that were answered as the first time are one promise: the earliest.
    """

    user_id: str
    at: str | None
    attempt: Attempt

    @property
    def write_id(self) -> str:
        """How reports name it: the write, and which user of it."""
        return f"{self.attempt.asked.write}/{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class Promises:
    """All promises of a ledger; `deletions` by user, those that may have been made without an answer too."""

    versions: Sequence[Promise]
    deletions: Mapping[str, Sequence[Promise]]
    possible_deletions: Mapping[str, Sequence[Attempt]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many writes were acknowledged."""
        return len(self.versions) + sum(map(len, self.deletions.values()))


def promises(attempts: Iterable[Attempt]) -> Promises:
    """Return what these attempts promised, in the order of their answers."""
    versions: dict[tuple[str, str], Promise] = {}
    deletions: dict[str, list[Promise]] = {}
    possible: dict[str, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.ended_at):
        if not attempt.may_have_written:
            continue
        if attempt.asked.operation is Operation.DELETE:
            for wanted in attempt.asked.users:
                user_id = wanted.user_id or ""
                possible.setdefault(user_id, []).append(attempt)
                if attempt.acknowledged:
                    made = Promise(user_id=user_id, at=None, attempt=attempt)
                    deletions.setdefault(user_id, []).append(made)
        elif attempt.acknowledged and attempt.answered is not None:
            for stored in attempt.answered.users:
                made = Promise(user_id=stored.user_id, at=stored.at, attempt=attempt)
                versions.setdefault((stored.user_id, stored.at), made)
    return Promises(versions=list(versions.values()), deletions=deletions, possible_deletions=possible)
