"""Clients of a simulated platform: each has users of its own, and does one thing after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from pipeline.drill.attempt import Asked, ClientKind, Fields, Operation, Outcome, Wanted


@dataclass(frozen=True, kw_only=True)
class Want:
    """One thing to be done, which may take several attempts."""

    write: str
    operation: Operation
    user_id: str
    fields: Fields = field(default_factory=dict)
    key: str | None = None

    @property
    def wanted(self) -> Wanted:
        """As the request says it: a client does not know the id of a user whom it creates."""
        return Wanted(user_id=None if self.operation.creates else self.user_id, fields=self.fields)


class Client:
    """Creates, changes, reads and deletes; what it creates is repeated until it knows that it is there."""

    def __init__(
        self, name: str, kind: ClientKind, random: Random, next_at: float, *, changes_emails: bool
    ) -> None:
        self.name = name
        self.kind = kind
        self.next_at = next_at
        self._random = random
        self._changes_emails = changes_emails
        self._users: list[str] = []
        self._again: Want | None = None
        self._made = 0

    def next(self) -> Want:
        """Return what to send now."""
        if self._again is not None:
            return self._again
        self._made += 1
        name = f"{self.name}-{self._made}"
        operation = self._random.choices(
            (Operation.CREATE, Operation.UPDATE, Operation.READ, Operation.DELETE), (40, 35, 15, 10)
        )[0]
        if operation is Operation.CREATE or not self._users:
            fields: Fields = {"name": name, "email": f"{name}@drill.example", "age": self._made % 90}
            return Want(
                write=name, operation=Operation.CREATE, user_id=f"u-{name}", fields=fields, key=f"k-{name}"
            )
        user_id = self._random.choice(self._users)
        if operation is not Operation.UPDATE:
            return Want(write=name, operation=operation, user_id=user_id)
        fields = {"name": name}
        if self._changes_emails and self._random.random() < 0.3:
            fields["email"] = f"new-{name}@drill.example"
        return Want(write=name, operation=operation, user_id=user_id, fields=fields)

    def asks(self, attempt_id: str, want: Want, now: float) -> Asked:
        """Return what the ledger has of a request before it is sent."""
        return Asked(
            id=attempt_id,
            write=want.write,
            client=self.name,
            kind=self.kind,
            operation=want.operation,
            users=(want.wanted,),
            sent_at=now,
            key=want.key,
        )

    def learn(self, want: Want, outcome: Outcome, status: int | None) -> None:
        """Take note of how an attempt ended. An unknown deletion is left alone, and so is the user."""
        again = outcome is Outcome.UNKNOWN or status == 503
        retried = want.operation is Operation.CREATE or status == 503 or self._random.random() < 0.5
        self._again = want if again and retried and want.operation is not Operation.DELETE else None
        if want.operation is Operation.CREATE and outcome is Outcome.ACKNOWLEDGED:
            self._users.append(want.user_id)
        gone = want.operation is Operation.DELETE and status != 503
        if (gone or status == 404) and want.user_id in self._users:
            self._users.remove(want.user_id)
