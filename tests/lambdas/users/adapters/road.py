"""A road to DynamoDB that a test lays out."""

from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from typing import Any

from lambdas.users.adapters.call import DynamoCall, DynamoError
from lambdas.users.adapters.dynamodb import DynamoUsers

CANCELLED = "TransactionCanceledException"
FAILED = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"


class Road:
    """A DynamoCall that remembers requests, and gives its answers in turn and then the last one for ever."""

    def __init__(self, *answers: dict[str, Any] | DynamoError) -> None:
        self.requests: list[tuple[str, Mapping[str, Any]]] = []
        self._answers = list(answers)
        self._lock = Lock()

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.requests.append((operation, request))
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, DynamoError):
            raise answer
        return answer

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.requests]


def on(road: DynamoCall, pauses: list[float] | None = None) -> DynamoUsers:
    """Lay a repository on a road, which writes down its pauses instead of making them."""
    return DynamoUsers(
        table="users",
        region="eu-west-1",
        retention=timedelta(days=30),
        call=road,
        probe=road,
        pause=([] if pauses is None else pauses).append,
    )


def cancelled(*reasons: str, rows: tuple[Mapping[str, Any] | None, ...] = ()) -> DynamoError:
    return DynamoError(CANCELLED, reasons, rows)
