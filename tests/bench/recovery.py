"""How fast a table is restored to an instant, beside how fast its rows can be written one batch at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from lambdas.users.adapters.item import claim_row, current_row, history_row
from lambdas.users.domain.user import first_version
from lambdas.users.domain.validation import new_user
from tests.bench.figure import Figure, seconds
from tests.conftest import LoneRegion

Row = dict[str, Any]

USERS = 10_000
BATCH = 25
KEYS = {"user_id": "HASH", "timestamp": "RANGE"}
INDEXES = {
    "email-index": {"email": "HASH"},
    "age-index": {"shard": "HASH", "age": "RANGE"},
    "created-index": {"shard": "HASH", "created_at": "RANGE"},
    "name-index": {"shard": "HASH", "name_key": "RANGE"},
}
NUMBERS = {"shard", "age"}
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Dynamo:
    """DynamoDB of one Region over one connection, with no client's work in what is measured."""

    def __init__(self, region: LoneRegion) -> None:
        self._connection = HTTPConnection(urlsplit(region.place.aws_url).netloc)
        scope = f"000000000000/20300101/{region.place.name}/dynamodb/aws4_request"
        self._headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=, Signature="}

    def call(self, operation: str, request: object) -> Row:
        """Return the answer to an operation; the request is an object, or its JSON."""
        body = request if isinstance(request, str) else json.dumps(request)
        headers = {**self._headers, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        self._connection.request("POST", "/", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{operation}: {content!r}")
        return dict(json.loads(content))

    def create(self, name: str) -> None:
        """Create a table with the keys and indexes of the users' one, whose past is kept."""
        attributes = sorted({name for keys in (KEYS, *INDEXES.values()) for name in keys})
        self.call(
            "CreateTable",
            {
                "TableName": name,
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": _schema(KEYS),
                "AttributeDefinitions": [
                    {"AttributeName": attribute, "AttributeType": "N" if attribute in NUMBERS else "S"}
                    for attribute in attributes
                ],
                "GlobalSecondaryIndexes": [
                    {"IndexName": index, "KeySchema": _schema(keys), "Projection": {"ProjectionType": "ALL"}}
                    for index, keys in INDEXES.items()
                ],
            },
        )
        recovery = {"PointInTimeRecoveryEnabled": True}
        request = {"TableName": name, "PointInTimeRecoverySpecification": recovery}
        self.call("UpdateContinuousBackups", request)

    def restore(self, source: str, target: str, at: float) -> None:
        """Restore a table to an instant in seconds since the epoch, and return when the new one is active."""
        self.call(
            "RestoreTableToPointInTime",
            {"SourceTableName": source, "TargetTableName": target, "RestoreDateTime": at},
        )
        while self.call("DescribeTable", {"TableName": target})["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.01)

    def rows(self, name: str) -> dict[tuple[str, str], Row]:
        """Return every row of a table by its key."""
        found: dict[tuple[str, str], Row] = {}
        start = None
        while True:
            page = self.call("Scan", {"TableName": name, **({"ExclusiveStartKey": start} if start else {})})
            found |= {(row["user_id"]["S"], row["timestamp"]["S"]): row for row in page["Items"]}
            if not (start := page.get("LastEvaluatedKey")):
                return found


def measure() -> Iterator[Figure]:
    """Yield how long a restore takes beside the writing of its rows, and how many rows differ afterwards.

    Since the instant, a hundred rows were written over, as by a bad deployment.
    """
    rows = _rows(USERS)
    batches = [_batch("users", rows[first : first + BATCH]) for first in range(0, len(rows), BATCH)]
    with TemporaryDirectory() as folder:
        region = LoneRegion(Path(folder))
        region.start()
        try:
            dynamo = Dynamo(region)
            dynamo.create("users")
            written = seconds(lambda: [dynamo.call("BatchWriteItem", batch) for batch in batches])
            there, at = dynamo.rows("users"), time.time()
            spoilt = [{**row, "spoilt": {"BOOL": True}} for row in rows[: BATCH * 4]]
            for first in range(0, len(spoilt), BATCH):
                dynamo.call("BatchWriteItem", _batch("users", spoilt[first : first + BATCH]))
            restored = seconds(lambda: dynamo.restore("users", "restored", at))
            found = dynamo.rows("restored")
        finally:
            region.stop()
    yield Figure(
        name=f"restore of {USERS:,} users / BatchWriteItem of them",
        value=restored / written,
        unit=" times",
        most=2.0,
        made_of=f"{len(rows) / restored:,.0f} rows/s restored, {len(rows) / written:,.0f} written",
    )
    yield Figure(
        name="… rows that differ from the instant's",
        value=sum(there.get(key) != found.get(key) for key in there.keys() | found.keys()),
        unit=" rows",
        most=0,
        made_of=f"of {len(there):,}, {len(spoilt)} written over since",
    )


def _rows(users: int) -> Sequence[Row]:
    """Return the current, history and claim row of so many users."""
    rows: list[Row] = []
    for number in range(users):
        new = new_user({"name": f"User {number}", "email": f"user{number}@example.com", "age": number % 90})
        user = first_version(new, user_id=f"user-{number}", at=NOON, region="eu-west-1")
        rows += current_row(user), history_row(user, retention=timedelta(days=30)), claim_row(user)
    return rows


def _batch(table: str, rows: Sequence[Row]) -> str:
    return json.dumps({"RequestItems": {table: [{"PutRequest": {"Item": row}} for row in rows]}})


def _schema(keys: dict[str, str]) -> list[Row]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()]
