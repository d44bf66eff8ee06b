"""One region's replica of the users table, and what is made of it when it does not answer."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lambdas.users.adapters.call import NO_ANSWER, DynamoCall, DynamoError
from lambdas.users.domain.errors import RepositoryUnavailable

CONFLICT = "TransactionConflict"
TRANSIENT = frozenset(
    {
        NO_ANSWER,
        CONFLICT,
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
LEFT_OVER = {"BatchGetItem": "UnprocessedKeys", "BatchWriteItem": "UnprocessedItems"}
TRIES, FIRST_PAUSE, LONGEST_PAUSE = 7, 0.05, 1.0


class Table:
    """The road to one table; `pause` waits for some seconds."""

    def __init__(self, name: str, call: DynamoCall, pause: Callable[[float], None] = time.sleep) -> None:
        self.name = name
        self.call = call
        self.pause = pause

    def ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the response; raises RepositoryUnavailable, or DynamoError where it is a fault of ours."""
        try:
            return self.call(operation, request)
        except DynamoError as error:
            failure = as_failure(error)
        raise failure

    def read(self, operation: str, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield every page of a Query or Scan of this table."""
        request = {"TableName": self.name, **request}
        while True:
            response = self.ask(operation, request)
            yield response
            if "LastEvaluatedKey" not in response:
                return
            request = {**request, "ExclusiveStartKey": response["LastEvaluatedKey"]}

    def in_full(self, operation: str, wanted: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # two shapes
        """Yield the responses to a BatchGetItem or BatchWriteItem on this table until nothing is left over.

        What DynamoDB leaves over is asked for again after a pause. Raises RepositoryUnavailable when it
        still leaves some.
        """
        waits = pauses()
        items: Mapping[str, Any] = {self.name: wanted}
        while True:
            response = self.ask(operation, {"RequestItems": items})
            yield response
            items = response.get(LEFT_OVER[operation], {})
            if not items:
                return
            if not self.wait(waits):
                raise RepositoryUnavailable

    def wait(self, waits: Iterator[float]) -> bool:
        """Pause for the next time, and tell whether there was one."""
        seconds = next(waits, None)
        if seconds is not None:
            self.pause(seconds)
        return seconds is not None


def pauses() -> Iterator[float]:
    """Yield the seconds between tries: exponential with full jitter, which spreads callers out the best.

    See https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.
    """
    for tried in range(TRIES - 1):
        yield random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**tried))  # noqa: S311  # nobody's secret


def as_failure(error: DynamoError) -> Exception:
    """Tell what may succeed later from what is a fault of ours, which stays as it is."""
    if TRANSIENT.isdisjoint((error.code, *error.reasons)):
        return error
    failure = RepositoryUnavailable()
    failure.__cause__ = error
    return failure
