"""One HTTP request of a client: what it asked for, and what became of it as far as the client can know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Fields = Mapping[str, str | int | None]


class ClientKind(StrEnum):
    """How a client finds the API: by DNS each time, by a connection that it keeps, by an answer it keeps."""

    OBEYS_TTL = "obeys-ttl"
    KEEPS_CONNECTIONS = "keeps-connections"
    CACHES_DNS = "caches-dns"


class Operation(StrEnum):
    """What a client asks for; a batch creates users."""

    CREATE = "create"
    UPDATE = "update"
    BATCH = "batch"
    DELETE = "delete"
    READ = "read"

    @property
    def creates(self) -> bool:
        """Tell whether it makes users."""
        return self in (Operation.CREATE, Operation.BATCH)


class Outcome(StrEnum):
    """What an attempt promises: it was done, nothing was written, or neither."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One user of a request: the id where the client knows it, and the fields that it sent (None removes)."""

    user_id: str | None = None
    fields: Fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """One user of an answer: `at` is its `timestamp`, the time of the version that the answer shows."""

    user_id: str
    email: str
    version: int
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is known before a request is sent; `id` is the attempt's own, `sent_at` seconds since the epoch.

    `write` names what the client wants done, and is the same for each retry of it. Nothing that a new write
    sends may make it look like another one: each has a value, such as a number in the name, of its own.
    `key` is the Idempotency-Key, `if_match` the header as sent. All of it is synthetic, and nobody's data.
    """

    id: str
    write: str
    client: str
    kind: ClientKind
    operation: Operation
    users: tuple[Wanted, ...]
    sent_at: float
    key: str | None = None
    if_match: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """How a request ended at `answered_at`, be it with an answer or, with `status` None, without one.

    `region` is `X-Region`, where there is one; `users` are those that the answer says were written or found;
    `detail` says what broke.
    """

    id: str
    answered_at: float
    outcome: Outcome
    status: int | None = None
    region: str | None = None
    users: tuple[Stored, ...] = ()
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A request and its end; `answered` is None where the drill died before it came."""

    asked: Asked
    answered: Answered | None

    @property
    def at(self) -> float:
        """When it was sent: its place on the timeline."""
        return self.asked.sent_at

    @property
    def ended_at(self) -> float:
        """When the client had its answer or gave up; when it was sent, where that is not known."""
        return self.asked.sent_at if self.answered is None else self.answered.answered_at

    @property
    def outcome(self) -> Outcome:
        """What it promises; without an end, nothing."""
        return Outcome.UNKNOWN if self.answered is None else self.answered.outcome

    @property
    def acknowledged(self) -> bool:
        """Tell whether it was done."""
        return self.outcome is Outcome.ACKNOWLEDGED

    @property
    def region(self) -> str | None:
        """Which Region answered, if one did."""
        return None if self.answered is None else self.answered.region

    @property
    def may_have_written(self) -> bool:
        """Tell whether rows may be there on its account."""
        return self.asked.operation is not Operation.READ and self.outcome is not Outcome.REFUSED

    @property
    def failed(self) -> bool:
        """Tell whether the service failed its client.

        That is no answer, a 5xx, or a 403 or 429, which a gateway gives in place of the service. Another 4xx
        judges the request: a service that does so is neither down nor shown to work.
        """
        if self.answered is None or self.answered.status is None:
            return True
        return self.answered.status >= 500 or self.answered.status in (403, 429)


def outcome_of(status: int | None, *, fenced: bool = False) -> Outcome:
    """Return what an answer with this status promises; None is no answer, such as a timeout.

    A 4xx says that the request was at fault and was not served (RFC 9110, section 15.5), and the fence, whose
    503 the caller recognises, stands before every write. Any other 5xx may come after the write: a function
    that timed out, or lost DynamoDB's answer, can have written.
    """
    if status is None:
        return Outcome.UNKNOWN
    if 200 <= status < 400:
        return Outcome.ACKNOWLEDGED
    if 400 <= status < 500 or (status == 503 and fenced):
        return Outcome.REFUSED
    return Outcome.UNKNOWN
