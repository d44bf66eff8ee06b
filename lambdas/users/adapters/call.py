"""The one road to DynamoDB: the name of an operation and its request go in, its response comes out."""

from collections.abc import Mapping
from typing import Any, Protocol

NO_ANSWER = "NoAnswer"


class DynamoCall(Protocol):
    """One DynamoDB operation, for instance `GetItem`, in the shapes of its API reference."""

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response to a request, both with attribute values such as `{"S": "text"}`.

        Raises DynamoError.
        """


class DynamoError(Exception):
    """DynamoDB refused a call with `code`, or gave NO_ANSWER.

    `reasons` holds, for a cancelled transaction, a code for each of its items in their order: the text `None`
    for an item that was not at fault. `rows` holds, in the same order, the row that an item's condition met,
    where the item asked for it and there is one.
    """

    def __init__(
        self,
        code: str,
        reasons: tuple[str, ...] = (),
        rows: tuple[Mapping[str, Any] | None, ...] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.reasons = reasons
        self.rows = rows
