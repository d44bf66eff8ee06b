"""One Region as a drill reaches it from outside: the calls of the runbook, and rows of the users table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.drill.step import Role
from pipeline.runbook import Call

MARK = "MARK"


@dataclass(frozen=True, kw_only=True)
class Region:
    """A Region, and boto3 clients of its data planes by service; methods raise botocore's errors."""

    role: Role
    name: str
    table: str
    clients: Mapping[str, Any]  # boto3 makes the classes of its clients at run time

    def send(self, call: Call) -> Any:  # noqa: ANN401 - boto3's answers have no types
        """Send a call of the runbook that is meant for this Region, and return what is answered."""
        if call.region != self.name:
            raise ValueError(f"To {call.purpose} is for {call.region}, not for {self.name}.")
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", call.action).lower()
        return getattr(self.clients[call.service], method)(**call.parameters)

    def mark(self) -> str:
        """Write a row after all that was acknowledged here, and return what tells it from those before."""
        value = now()
        item = {**self._mark_key(self.name), "changed_at": {"S": value}}
        self.clients["dynamodb"].put_item(TableName=self.table, Item=item)
        return value

    def has_mark(self, value: str, *, of: str) -> bool:
        """Tell whether a mark of another Region has arrived, and with it what was written there before."""
        found = self.clients["dynamodb"].get_item(
            TableName=self.table, Key=self._mark_key(of), ConsistentRead=True
        )
        arrived: str = found.get("Item", {}).get("changed_at", {}).get("S", "")
        return arrived >= value

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Read the whole table, in DynamoDB's JSON."""
        paginator = self.clients["dynamodb"].get_paginator("scan")
        pages = paginator.paginate(TableName=self.table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def _mark_key(self, region: str) -> dict[str, Any]:
        return {"user_id": {"S": f"REGION#{region}"}, "timestamp": {"S": MARK}}


def now() -> str:
    """Return the time as rows have it: UTC, RFC 3339 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
