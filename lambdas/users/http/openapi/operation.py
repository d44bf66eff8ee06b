"""What the document says of an operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from lambdas.users.domain.user import UserId


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A success: its status, the type of its document (None for an empty body), its headers, an example."""

    status: int
    description: str
    document: Any = None
    headers: Sequence[str] = ()
    example: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path; `problems` are the statuses of its failures beside those that all have.

    `query` holds the parameters in its query, `headers` the names of those of its headers that it looks at.
    """

    id: str
    method: str
    path: str
    summary: str
    description: str = ""
    answers: Sequence[Answer]
    problems: Sequence[int] = ()
    query: type[Struct] | None = None
    headers: Sequence[str] = ()
    user_id: Any = UserId
    body: Any = None
    body_examples: Mapping[str, object] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it may change something: all but the safe methods (RFC 9110, 9.2.1) do."""
        return self.method != "get"
