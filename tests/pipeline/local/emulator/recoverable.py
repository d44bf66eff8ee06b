"""A table in a Region's process that can be restored, with a plain list of what it was after each write."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import session
from tests.waiting import eventually

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Row = dict[str, Any]
Rows = dict[str, Row]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INDEX: Any = {
    "IndexName": "email-index",
    "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def instant(at: int) -> datetime:
    """The instant of a stamp in µs since the epoch."""
    return EPOCH + timedelta(microseconds=at)


class Recoverable:
    """The table, keyed by `id`, with an index by `email`."""

    def __init__(self, region: LoneRegion, *, recovery: bool = True, **more: Any) -> None:  # noqa: ANN401
        self._region = region
        self.name = f"kept-{uuid4().hex[:8]}"
        self.dynamodb.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("id", "email")],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[INDEX],
            **more,
        )
        if recovery:
            self.switch(on=True)

    @property
    def dynamodb(self) -> DynamoDBClient:
        place = self._region.place
        return session(place.name).client("dynamodb", endpoint_url=place.aws_url)

    def switch(self, *, on: bool, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """Switch point-in-time recovery, and return what is then told of it."""
        specification: Any = {"PointInTimeRecoveryEnabled": on, **more}
        answer = self.dynamodb.update_continuous_backups(
            TableName=self.name, PointInTimeRecoverySpecification=specification
        )
        return dict(answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {}))

    def recovery(self) -> dict[str, Any]:
        answer = self.dynamodb.describe_continuous_backups(TableName=self.name)
        return dict(answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {}))

    def put(self, id: str, n: int = 0) -> int:
        """Put a row, and return its stamp."""
        self.dynamodb.put_item(TableName=self.name, Item=row(id, n))
        return self.last_stamp()

    def fill(self, count: int) -> None:
        """Put so many rows."""
        for first in range(0, count, 25):
            puts: Any = [
                {"PutRequest": {"Item": row(f"{n:05}")}} for n in range(first, min(first + 25, count))
            ]
            self.dynamodb.batch_write_item(RequestItems={self.name: puts})

    def stamps(self, name: str | None = None) -> list[int]:
        """The stamps of all rows that the journal has of the table, or of the one of that name."""
        needle, found = f"/{name or self.name}", []
        for line in self._region.journal.read_text().splitlines()[1:]:
            for (table, partition, _), _, (at, _), _ in json.loads(line)["changes"] if needle in line else ():
                if partition and table.endswith(needle):
                    found.append(int(at))
        return found

    def last_stamp(self) -> int:
        return self.stamps()[-1]

    def restore(self, at: int | None = None, **more: Any) -> str:  # noqa: ANN401
        """Begin to restore the table as of `at` µs since the epoch, or as it is, and return the new name."""
        when: Any = {"UseLatestRestorableTime": True} if at is None else {"RestoreDateTime": instant(at)}
        target = f"restored-{uuid4().hex[:8]}"
        request: Any = {"SourceTableName": self.name, "TargetTableName": target, **when, **more}
        self.dynamodb.restore_table_to_point_in_time(**request)
        return target

    def restored(self, at: int | None = None, **more: Any) -> Rows:  # noqa: ANN401
        """Restore the table, and return the rows of the new one."""
        return self.rows(self.await_active(self.restore(at, **more)))

    def await_active(self, name: str) -> str:
        eventually(lambda: self.describe(name)["TableStatus"] == "ACTIVE")
        return name

    def describe(self, name: str | None = None) -> dict[str, Any]:
        return dict(self.dynamodb.describe_table(TableName=name or self.name)["Table"])

    def exists(self, name: str) -> bool:
        with suppress(self.dynamodb.exceptions.ResourceNotFoundException):
            return bool(self.describe(name))
        return False

    def rows(self, name: str | None = None) -> Rows:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=name or self.name)
        return {item["id"]["S"]: dict(item) for page in pages for item in page["Items"]}


def row(id: str, n: int = 0) -> Row:
    return {"id": {"S": id}, "email": {"S": f"{id}@example.com"}, "n": {"N": str(n)}}
