"""What a client asks for, one thing after the other, on users of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pipeline.drill.attempt import Operation, Wanted

MOST_USERS = 40
BATCH = 3
# How often each thing is asked for, in a hundred.
SHARES = {
    Operation.CREATE: 35,
    Operation.UPDATE: 30,
    Operation.BATCH: 8,
    Operation.DELETE: 7,
    Operation.READ: 20,
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """An HTTP request, and what it is for; `key` and `if_match` become headers where they are given."""

    operation: Operation
    method: str
    path: str
    users: tuple[Wanted, ...]
    body: Mapping[str, Any] | None = None
    key: str | None = None
    if_match: str | None = None

    @property
    def may_be_repeated(self) -> bool:
        """Tell whether sending it again cannot do it twice, or at all where something else came between."""
        return self.key is not None or self.operation is Operation.READ


@dataclass(kw_only=True)
class Workload:
    """The users of one client, by id with the ETag of the version that it knows, and what it does next.

    No two clients share a user, so that nothing but the service can come between a client and its users.
    """

    client: str
    random: Random
    etags: dict[str, str] = field(default_factory=dict)
    _made: int = 0

    def next(self) -> Request:
        """Return a request that none was like before."""
        operation = self.random.choices(list(SHARES), weights=list(SHARES.values()))[0]
        if operation.creates and len(self.etags) >= MOST_USERS:
            operation = Operation.DELETE
        if not operation.creates and not self.etags:
            operation = Operation.CREATE
        match operation:
            case Operation.CREATE:
                user = self._new_user()
                return self._creation(operation, "/users", user, user)
            case Operation.BATCH:
                users = [self._new_user() for _ in range(BATCH)]
                return self._creation(
                    operation, "/batch", {"operation": "batch_write", "users": users}, *users
                )
            case Operation.UPDATE:
                user_id = self._any()
                self._made += 1
                fields = {"name": f"{self.client} {self._made}", "age": self.random.randrange(100)}
                return self._change(operation, "PUT", user_id, fields)
            case Operation.DELETE:
                return self._change(operation, "DELETE", self._any(), {})
            case Operation.READ:
                return self.read(self._any())

    def read(self, user_id: str) -> Request:
        """Return a request for one user."""
        users = (Wanted(user_id=user_id, fields={}),)
        return Request(operation=Operation.READ, method="GET", path=f"/users/{user_id}", users=users)

    def _creation(self, operation: Operation, path: str, body: Mapping[str, Any], *users: Any) -> Request:  # noqa: ANN401
        wanted = tuple(Wanted(fields=user) for user in users)
        key = f"{self.client}-{self._made}"
        return Request(operation=operation, method="POST", path=path, users=wanted, body=body, key=key)

    def _change(self, operation: Operation, method: str, user_id: str, fields: Mapping[str, Any]) -> Request:
        return Request(
            operation=operation,
            method=method,
            path=f"/users/{user_id}",
            users=(Wanted(user_id=user_id, fields=fields),),
            body=fields or None,
            if_match=self.etags[user_id],
        )

    def _new_user(self) -> dict[str, Any]:
        self._made += 1
        name = f"{self.client} {self._made}"
        return {"name": name, "email": f"{self.client}-{self._made}@drill.example", "age": self._made % 100}

    def _any(self) -> str:
        return self.random.choice(list(self.etags))
