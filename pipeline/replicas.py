"""Whether the table of a deployment is whole in both Regions: the way from its stack to what reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ACTIVE = "ACTIVE"


class Unready(Exception):
    """A table is not whole in a Region."""


def unready(dynamodb: Any, table: str) -> Sequence[str]:  # noqa: ANN401 - boto3 makes the class at run time
    """Return what of a table is not active yet in one Region, as words; raises botocore's errors."""
    found = dynamodb.describe_table(TableName=table)["Table"]
    states = {"the table": found["TableStatus"]}
    for index in found.get("GlobalSecondaryIndexes", ()):
        states[f"the index {index['IndexName']}"] = index["IndexStatus"]
    for replica in found.get("Replicas", ()):
        states[f"the replica in {replica['RegionName']}"] = replica["ReplicaStatus"]
    if not found.get("Replicas"):
        states["the replica"] = "missing"
    return [f"{what} is {state}" for what, state in states.items() if state != ACTIVE]
