"""One deploy or one drill at a time on a deployment, by a lease in a table of the pipeline's account."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LOOK_SECONDS = 30.0


class Held(Exception):
    """Somebody else holds the deployment."""


@dataclass(frozen=True, kw_only=True)
class Lock:
    """The lease of a deployment, as a client of DynamoDB sees it.

    It ends by itself, so that a holder that died holds nobody up for ever, and is taken again by the same
    `holder`: a rollback goes on with the lease of the execution that it undoes. All methods raise botocore's
    errors.
    """

    dynamodb: Any
    table: str
    deployment: str
    holder: str
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def hold(self, *, minutes: int, wait_minutes: int = 0) -> None:
        """Take the lease, or take it again, for so long; raises Held if it is not free in time."""
        last = self.now() + 60 * wait_minutes
        while not self._taken(minutes):
            if self.now() >= last:
                raise Held(f"{self.deployment} is held by {self._current()}: wait for it to end.")
            self.sleep(LOOK_SECONDS)

    def release(self) -> None:
        """Give the lease back; one that is somebody else's by now is left alone."""
        try:
            self.dynamodb.delete_item(
                TableName=self.table,
                Key={"deployment": {"S": self.deployment}},
                ConditionExpression="attribute_not_exists(deployment) OR holder = :me",
                ExpressionAttributeValues={":me": {"S": self.holder}},
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def _taken(self, minutes: int) -> bool:
        now = int(self.now())
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key={"deployment": {"S": self.deployment}},
                UpdateExpression="SET holder = :me, ends_at = :end",
                ConditionExpression="attribute_not_exists(deployment) OR holder = :me OR ends_at <= :now",
                ExpressionAttributeValues={
                    ":me": {"S": self.holder},
                    ":now": {"N": str(now)},
                    ":end": {"N": str(now + 60 * minutes)},
                },
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _current(self) -> str:
        found = self.dynamodb.get_item(
            TableName=self.table, Key={"deployment": {"S": self.deployment}}, ConsistentRead=True
        )
        return str(found.get("Item", {}).get("holder", {}).get("S", "nobody any more"))
