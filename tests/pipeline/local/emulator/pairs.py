"""Two emulated Regions that follow each other, each a process that a test may kill."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pipeline.local.layout import Layout, RegionPlace
from pipeline.local.platform import region_service
from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import session
from tests.ports import free_ports
from tests.waiting import eventually

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class PairedRegion(LoneRegion):
    """One of the two; its disk can be lost."""

    def __init__(self, layout: Layout, place: RegionPlace) -> None:
        self.layout, self.place = layout, place
        self.service = region_service(layout, place)
        self.journal = layout.state / place.role / "journal.jsonl"

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def dynamodb(self) -> DynamoDBClient:
        return session(self.name).client("dynamodb", endpoint_url=self.place.aws_url)

    def client(self, service: str) -> Any:  # noqa: ANN401 - its methods are made at run time
        return session(self.name).client(service, endpoint_url=self.place.aws_url)  # type: ignore[call-overload]

    def lose_disk(self) -> None:
        shutil.rmtree(self.layout.state / self.place.role)

    def describe(self, table: str) -> dict[str, Any] | None:
        try:
            return dict(self.dynamodb.describe_table(TableName=table)["Table"])
        except self.dynamodb.exceptions.ResourceNotFoundException:
            return None

    def rows(self, table: str) -> dict[str, str]:
        """Each row's id with its only other attribute."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table)
        return {item["id"]["S"]: item["n"]["N"] for page in pages for item in page["Items"]}

    def put(self, table: str, id_: str, n: int) -> None:
        self.dynamodb.put_item(TableName=table, Item={"id": {"S": id_}, "n": {"N": str(n)}})

    def put_all(self, table: str, numbers: Iterable[int]) -> None:
        rows: Any = [{"PutRequest": {"Item": {"id": {"S": f"u{n}"}, "n": {"N": str(n)}}}} for n in numbers]
        self.dynamodb.batch_write_item(RequestItems={table: rows})

    def create_table(self) -> str:
        """Create a table of a name of its own, in this Region only."""
        name = f"users-{uuid4().hex[:8]}"
        self.dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        return name


class RegionPair:
    """The primary and the secondary Region of one layout."""

    def __init__(self, state: Path) -> None:
        layout = Layout(port=free_ports(6), state=state)
        self.primary, self.secondary = (PairedRegion(layout, place) for place in layout.regions)

    def start(self) -> None:
        for region in (self.primary, self.secondary):
            region.start()

    def stop(self) -> None:
        for region in (self.primary, self.secondary):
            region.stop()

    def replicas(self, table: str) -> list[dict[str, Any]]:
        """What each of the two Regions says of the other's replica: once, the primary's answer first."""
        return [
            replica
            for region in (self.primary, self.secondary)
            for replica in (region.describe(table) or {}).get("Replicas", [])
        ]

    def share(self, table: str) -> None:
        """Add a replica in the secondary Region, and wait for it."""
        self.change(table, "Create")
        self.await_active(table)

    def change(self, table: str, action: str) -> None:
        update: Any = {action: {"RegionName": self.secondary.name}}
        self.primary.dynamodb.update_table(TableName=table, ReplicaUpdates=[update])

    def await_active(self, table: str) -> None:
        eventually(lambda: [each["ReplicaStatus"] for each in self.replicas(table)] == ["ACTIVE", "ACTIVE"])
