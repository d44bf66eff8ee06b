"""Rows by which one sees that a Region has all that was written in the other before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.config import Deployment
from pipeline.drill.plan import region_of
from pipeline.drill.region import MARK
from pipeline.drill.step import Role
from pipeline.runbook import Call


def calls(deployment: Deployment, role: Role, table: str, at: str) -> Sequence[Call]:
    """Return the call that writes a Region's mark into a table, and that which looks for it in the other.

    `at` is the time in RFC 3339, which tells it from marks before.
    """
    region, other = region_of(deployment, role), region_of(deployment, role.peer)
    key: Mapping[str, Any] = {"user_id": {"S": f"REGION#{region}"}, "timestamp": {"S": MARK}}
    return (
        Call(
            purpose=f"mark {table} in {region}",
            service="dynamodb",
            action="PutItem",
            region=region,
            parameters={"TableName": table, "Item": {**key, "changed_at": {"S": at}}},
        ),
        Call(
            purpose=f"look for the mark of {region} in {other}",
            service="dynamodb",
            action="GetItem",
            region=other,
            parameters={"TableName": table, "Key": key, "ConsistentRead": True},
        ),
    )
