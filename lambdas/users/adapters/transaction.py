"""All writes or none, and from the reasons against them to the error of the one that stood in the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from lambdas.users.adapters.call import DynamoError
from lambdas.users.adapters.item import Item, Row
from lambdas.users.adapters.table import CONFLICT, Table, as_failure

FAILED_CONDITION = "ConditionalCheckFailed"
CONFLICT_PAUSES = (0.05, 0.2)

Refusal = Callable[[Row | None], Exception]


class Condition(Struct, frozen=True):
    """What must hold of the row that is there, if any, and the error if it does not.

    The error is made of that row where `asks_for_row`, and of None where there is no row.
    """

    expression: str
    refusal: Refusal
    values: Item | None = None
    names: Mapping[str, str] | None = None
    asks_for_row: bool = False


class Write(Struct, frozen=True):
    """A put of a row, or a delete of the row with a key, on a condition."""

    row: Item
    condition: Condition
    delete: bool = False

    def item(self, table: str) -> Mapping[str, Any]:
        """Return the transaction's item."""
        part: dict[str, Any] = {
            "TableName": table,
            "Key" if self.delete else "Item": self.row,
            "ConditionExpression": self.condition.expression,
        }
        if self.condition.asks_for_row:
            part["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if self.condition.values is not None:
            part["ExpressionAttributeValues"] = self.condition.values
        if self.condition.names is not None:
            part["ExpressionAttributeNames"] = self.condition.names
        return {"Delete" if self.delete else "Put": part}


def commit(table: Table, writes: Sequence[Write]) -> None:
    """Do all of up to 100 writes, or none and raise the error of the first whose condition fails.

    botocore does not repeat a transaction that met another one on the same row. This does, so that the
    loser of a race learns why it lost. Raises RepositoryUnavailable too.
    """
    for pause in (*CONFLICT_PAUSES, None):
        try:
            send(table, writes)
        except DynamoError as error:
            for _, refusal in refusals(error, writes):
                raise refusal from error
            if pause is None or CONFLICT not in error.reasons:
                failure = as_failure(error)
                break
            table.pause(pause)
        else:
            return
    raise failure


def send(table: Table, writes: Sequence[Write]) -> None:
    """Make one request of the writes; raises DynamoError."""
    table.call("TransactWriteItems", {"TransactItems": [write.item(table.name) for write in writes]})


def refusals(error: DynamoError, writes: Sequence[Write]) -> Iterator[tuple[int, Exception]]:
    """Yield the position and error of each write whose condition failed, in their order."""
    for position, reason in enumerate(error.reasons):
        if reason == FAILED_CONDITION:
            row = error.rows[position] if position < len(error.rows) else None
            yield position, writes[position].condition.refusal(row)
