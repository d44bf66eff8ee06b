"""A bad deploy that rewrites the emails of a third of the users, and a script that deletes another third."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from zlib import crc32

import httpx
from botocore.exceptions import ClientError

from pipeline.drill.clock import Clock
from pipeline.drill.faults import FaultError
from pipeline.drill.profile import normalised
from pipeline.drill.region import Region
from pipeline.drill.rows import CLAIM, CLAIMED, CURRENT
from pipeline.restore.damage import Damage, Damages, How, Row

FIELD = "email"
PATTERN = r".*@rewritten\.invalid"
AT_ONCE = 4


@dataclass(frozen=True, kw_only=True)
class Corruption:
    """Damages users of a table, each on record beforehand; `stopping` ends it between two of them."""

    region: Region
    http: httpx.Client
    damages: Damages
    clock: Clock
    stopping: threading.Event

    def happen(self) -> int:
        """Damage two thirds of all users, and return how many; raises FaultError, botocore's errors, OSError.

        The bad deploy comes first, then the script. Whoever is changed by somebody else at that moment is
        spared: only so it is known how everybody was.
        """
        users = list(_users(self.region.rows()))
        for how, act in ((How.REWRITTEN, self._rewrite), (How.DELETED, self._delete)):
            chosen = [user for user in users if _share(user[0]) is how]
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(partial(self._damage, how, act), chosen))
        return len(self.damages.all)

    def _damage(self, how: How, act: Any, user: tuple[str, Row, Row]) -> None:  # noqa: ANN401 - a bound method
        if self.stopping.is_set():
            return
        user_id, current, claim = user
        damage = Damage(user_id=user_id, how=how, at=self.clock.now(), current=current, claim=claim)
        self.damages.add(damage)
        if not act(damage):
            self.damages.spare(user_id)

    def _rewrite(self, damage: Damage) -> bool:
        """Write as the released code would, and tell whether that was done."""
        answer = self.http.put(
            f"/users/{damage.user_id}",
            json={FIELD: bad_email(damage)},
            headers={"If-Match": f'"{damage.version_id}"'},
        )
        if answer.status_code not in (200, 404, 412):
            raise FaultError(f"The bad deploy was answered with {answer.status_code}: {answer.text[:200]}")
        return answer.status_code == 200

    def _delete(self, damage: Damage) -> bool:
        """Delete the rows that make the user current, and tell whether that was done; the history stays."""
        current = {
            "ConditionExpression": "version_id = :as_it_was",
            "ExpressionAttributeValues": {":as_it_was": {"S": damage.version_id}},
        }
        deletes: Sequence[dict[str, Any]] = [
            {"Delete": {"TableName": self.region.table, "Key": _key(damage.current), **current}},
            {"Delete": {"TableName": self.region.table, "Key": _key(damage.claim)}},
        ]
        try:
            self.region.clients["dynamodb"].transact_write_items(TransactItems=deletes)
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                return False
            raise
        return True


def bad_email(damage: Damage) -> str:
    """Return the email that damage gives to a user: another one to each."""
    return f"{sha256(damage.user_id.encode()).hexdigest()[:24]}@{damage.how}.invalid"


def _share(user_id: str) -> How | None:
    """Return what becomes of a user, None for nothing; a third of all for each."""
    return (How.REWRITTEN, How.DELETED, None)[crc32(user_id.encode()) % 3]


def _users(rows: Sequence[Any]) -> Iterator[tuple[str, Row, Row]]:
    """Yield every user with its current row and its claim."""
    claims = {row["user_id"]["S"]: row for row in rows if row["timestamp"]["S"] == CLAIM}
    for row in rows:
        if row["timestamp"]["S"] == CURRENT:
            claim = claims.get(f"{CLAIMED}{normalised(row['email']['S'])}")
            if claim is not None:
                yield row["user_id"]["S"], row, claim


def _key(row: Row) -> Row:
    return {"user_id": row["user_id"], "timestamp": row["timestamp"]}
