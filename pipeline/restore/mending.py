"""Puts damaged users back as they were, where no restored table does: for a drill that ends early."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from botocore.exceptions import ClientError

from pipeline.drill.faults import FaultError
from pipeline.drill.region import Region
from pipeline.drill.rows import CURRENT
from pipeline.restore.corruption import FIELD, bad_email
from pipeline.restore.damage import Damage, How
from pipeline.restore.profile import profile_of

RETRY_S, MOST_S = 0.5, 60.0


@dataclass(frozen=True, kw_only=True)
class Mending:
    """Mends the table that serves, in the primary Region; what clients wrote meanwhile stays.

    It may be done again: who is as before is left alone.
    """

    region: Region
    http: httpx.Client

    def mend(self, damaged: Sequence[Damage]) -> None:
        """Put everybody back; raises FaultError, which names whom it could not, and botocore's errors."""
        rows = self.region.rows()
        current = {row["user_id"]["S"]: row for row in rows if row["timestamp"]["S"] == CURRENT}
        left = [
            damage.user_id
            for damage in damaged
            if not (
                self._put_back(damage, current.get(damage.user_id))
                if damage.how is How.DELETED
                else self._rewrite(damage, current.get(damage.user_id))
            )
        ]
        if left:
            raise FaultError(f"{len(left)} users are not as before: {', '.join(left[:10])}")

    def _rewrite(self, damage: Damage, current: Mapping[str, Any] | None) -> bool:
        """Write what a user had, and tell whether that is done; one who is gone was deleted since.

        What is written is a change of the version that was read: whatever a client wrote since is looked at
        before it is changed.
        """
        good = {FIELD: damage.email} if damage.how is How.REWRITTEN else profile_of(damage.current)
        ends = time.monotonic() + MOST_S
        while current is not None and current[FIELD]["S"] == bad_email(damage):
            as_read = {"If-Match": f'"{current["version_id"]["S"]}"'}
            answer = self.http.put(f"/users/{damage.user_id}", json=good, headers=as_read)
            if answer.status_code not in (412, 429, 503) or time.monotonic() > ends:
                return answer.status_code in (200, 404)
            if answer.status_code == 412:
                current = self._current(damage.user_id)
            else:
                time.sleep(RETRY_S)  # a function goes by what it last knew of a fence
        return True

    def _current(self, user_id: str) -> Mapping[str, Any] | None:
        """Read the current row of a user as it is now."""
        found: Mapping[str, Any] = self.region.clients["dynamodb"].get_item(
            TableName=self.region.table,
            Key={"user_id": {"S": user_id}, "timestamp": {"S": CURRENT}},
            ConsistentRead=True,
        )
        return found.get("Item")

    def _put_back(self, damage: Damage, current: Mapping[str, Any] | None) -> bool:
        """Put the rows of a user back where there are none, and tell whether the user is there."""
        if current is not None:
            return True
        absent = "attribute_not_exists(user_id)"
        puts = [
            {"Put": {"TableName": self.region.table, "Item": row, "ConditionExpression": absent}}
            for row in (damage.current, damage.claim)
        ]
        try:
            self.region.clients["dynamodb"].transact_write_items(TransactItems=puts)
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                return False
            raise
        return True
