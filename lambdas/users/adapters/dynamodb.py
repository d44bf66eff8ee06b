"""Users in one region's replica of a DynamoDB table."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NoReturn

from lambdas.users.adapters.call import NO_ANSWER, DynamoCall, DynamoError
from lambdas.users.adapters.item import (
    Item,
    claim_row,
    current_row,
    history_row,
    region_key,
    user_key,
    user_of,
)
from lambdas.users.domain.errors import (
    EmailAlreadyInUse,
    RepositoryUnavailable,
    UserAlreadyExists,
    UserNotFound,
)
from lambdas.users.domain.user import User

TRANSIENT = frozenset(
    {
        NO_ANSWER,
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionInProgressException",
    }
)
CONFLICT_PAUSES = (0.05, 0.2)


class DynamoUsers:
    """A UserRepository. `probe` is the road that ping takes: one try, and no more than a second."""

    def __init__(
        self,
        *,
        table: str,
        region: str,
        retention: timedelta,
        call: DynamoCall,
        probe: DynamoCall,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._region = region
        self._retention = retention
        self._call = call
        self._probe = probe
        self._pause = pause

    def create(self, user: User) -> None:
        """Keep a new user; raises UserAlreadyExists or else EmailAlreadyInUse."""
        self._put_absent(
            (
                (current_row(user), UserAlreadyExists),
                (history_row(user, retention=self._retention), UserAlreadyExists),
                (claim_row(user), EmailAlreadyInUse),
            )
        )

    def get(self, user_id: str) -> User:
        """Return a user; raises UserNotFound.

        The read is strongly consistent, so that whoever was told 201 can follow `Location` at once.
        """
        request = {"TableName": self._table, "Key": user_key(user_id), "ConsistentRead": True}
        try:
            response = self._call("GetItem", request)
        except DynamoError as error:
            _fail(error)
        if "Item" not in response:
            raise UserNotFound
        return user_of(response["Item"])

    def ping(self) -> None:
        """Read one row, present or not; raises RepositoryUnavailable whatever the reason."""
        try:
            self._probe("GetItem", {"TableName": self._table, "Key": region_key(self._region)})
        except DynamoError as error:
            raise RepositoryUnavailable from error

    def _put_absent(self, rows: Sequence[tuple[Item, type[Exception]]]) -> None:
        """Put all rows or none; each comes with the error that means it is already there.

        botocore does not repeat a transaction that met another one on the same row. This does, so that the
        loser of a race learns why it lost.
        """
        request = {"TransactItems": [self._put(row) for row, _ in rows]}
        for pause in (*CONFLICT_PAUSES, None):
            try:
                self._call("TransactWriteItems", request)
            except DynamoError as error:
                for reason, (_, refusal) in zip(error.reasons, rows, strict=False):
                    if reason == "ConditionalCheckFailed":
                        raise refusal from error
                if pause is None or "TransactionConflict" not in error.reasons:
                    _fail(error)
                self._pause(pause)
            else:
                return

    def _put(self, row: Item) -> dict[str, object]:
        """Write a put that fails where a row has the same key."""
        condition = "attribute_not_exists(user_id)"
        return {"Put": {"TableName": self._table, "Item": row, "ConditionExpression": condition}}


def _fail(error: DynamoError) -> NoReturn:
    """Tell what may succeed later from what is a fault of ours, which stays as it is."""
    if TRANSIENT.isdisjoint((error.code, *error.reasons)):
        raise error
    raise RepositoryUnavailable from error
