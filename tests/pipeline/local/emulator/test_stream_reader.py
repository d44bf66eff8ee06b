"""A function that follows a stream is given each change, whatever becomes of the function or the process."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest

from pipeline.local import control
from tests.conftest import LoneRegion
from tests.waiting import eventually

# Writes down what it is given. A row may ask it to fail: once, by reporting the row, or whenever it comes.
FUNCTION = """
import os
from botocore.session import get_session

dynamo = get_session().create_client("dynamodb")

def note(name, line):
    entry = {":line": {"L": [{"S": line}]}, ":none": {"L": []}}
    update = "SET entries = list_append(if_not_exists(entries, :none), :line)"
    key = {"id": {"S": name}, "at": {"S": "CURRENT"}}
    row = dynamo.update_item(TableName=os.environ["SEEN"], Key=key, UpdateExpression=update,
        ExpressionAttributeValues=entry, ReturnValues="ALL_NEW")
    return len(row["Attributes"]["entries"]["L"])

def handler(event, context):
    for record in event["Records"]:
        change = record["dynamodb"]
        image = change.get("NewImage") or change["OldImage"]
        mode, name = image.get("mode", {}).get("S"), image["id"]["S"]
        if mode == "raise":
            raise RuntimeError("as asked")
        if mode == "report" and note("tries-" + name, "tried") == 1:
            return {"batchItemFailures": [{"itemIdentifier": change["SequenceNumber"]}]}
        note("seen", record["eventName"] + " " + name)
    return {"batchItemFailures": []}
"""


class Follower:
    """A table, a function that follows its stream, what the function wrote down, and a dead-letter queue."""

    def __init__(self, region: LoneRegion) -> None:
        self.region = region
        self._name = f"follower-{uuid4().hex[:8]}"
        self.table, self._seen = f"{self._name}-rows", f"{self._name}-seen"
        for table in (self.table, self._seen):
            self.client("dynamodb").create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("id", "at")],
                KeySchema=[
                    {"AttributeName": "id", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                StreamSpecification={
                    "StreamEnabled": table == self.table,
                    **({"StreamViewType": "NEW_AND_OLD_IMAGES"} if table == self.table else {}),
                },
            )
        self._queue: str = self.client("sqs").create_queue(QueueName=self._name)["QueueUrl"]
        self._mapping: str = self._follow()
        control.checkpoint(region.place)

    def client(self, service: str) -> Any:  # noqa: ANN401 - its methods are made at run time
        session = boto3.Session("000000000000", "local", region_name=self.region.place.name)
        return session.client(service, endpoint_url=self.region.place.aws_url)  # type: ignore[call-overload]

    def put(self, *ids: str, mode: str | None = None) -> None:
        for id_ in ids:
            item = {"id": {"S": id_}, "at": {"S": "CURRENT"}, **({"mode": {"S": mode}} if mode else {})}
            self.client("dynamodb").put_item(TableName=self.table, Item=item)

    def delete(self, id_: str) -> None:
        key = {"id": {"S": id_}, "at": {"S": "CURRENT"}}
        self.client("dynamodb").delete_item(TableName=self.table, Key=key)

    def pause(self, paused: bool) -> None:
        self.client("lambda").update_event_source_mapping(UUID=self._mapping, Enabled=not paused)

    def seen(self) -> list[str]:
        key = {"id": {"S": "seen"}, "at": {"S": "CURRENT"}}
        row = self.client("dynamodb").get_item(TableName=self._seen, Key=key).get("Item")
        return [entry["S"] for entry in row["entries"]["L"]] if row else []

    def dead(self) -> list[Any]:
        messages = self.client("sqs").receive_message(QueueUrl=self._queue).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    def leave(self) -> None:
        self.client("lambda").delete_event_source_mapping(UUID=self._mapping)
        for table in (self.table, self._seen):
            self.client("dynamodb").delete_table(TableName=table)

    def _follow(self) -> str:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("follower.py", FUNCTION)
        self.client("lambda").create_function(
            FunctionName=self._name,
            Runtime="python3.12",
            Role="arn:aws:iam::000000000000:role/follower",
            Handler="follower.handler",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"SEEN": self._seen}},
        )
        table = self.client("dynamodb").describe_table(TableName=self.table)["Table"]
        mapping = self.client("lambda").create_event_source_mapping(
            FunctionName=self._name,
            EventSourceArn=table["LatestStreamArn"],
            StartingPosition="TRIM_HORIZON",
            BatchSize=10,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            BisectBatchOnFunctionError=True,
            MaximumRetryAttempts=3,
            DestinationConfig={
                "OnFailure": {
                    "Destination": f"arn:aws:sqs:{self.region.place.name}:000000000000:{self._name}"
                }
            },
            FilterCriteria={"Filters": [{"Pattern": '{"eventName": ["INSERT", "REMOVE"]}'}]},
        )
        return str(mapping["UUID"])


@pytest.fixture
def follower(lone_region: LoneRegion) -> Iterator[Follower]:
    follower = Follower(lone_region)
    yield follower
    follower.leave()


def test_changes_come_once_in_their_order_through_the_filter(follower: Follower) -> None:
    follower.put("ada", "bob")
    follower.put("ada", mode="changed")
    follower.delete("ada")
    eventually(lambda: follower.seen() == ["INSERT ada", "INSERT bob", "REMOVE ada"])


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_process_that_comes_back_goes_on_where_it_was(follower: Follower, end: str) -> None:
    follower.put("before")
    eventually(lambda: follower.seen() == ["INSERT before"])
    follower.pause(True)
    follower.put("meanwhile")
    getattr(follower.region, end)()
    follower.region.start()
    follower.pause(False)
    follower.put("after")
    eventually(lambda: {"INSERT meanwhile", "INSERT after"} <= set(follower.seen()))
    assert follower.seen() == ["INSERT before", "INSERT meanwhile", "INSERT after"]


def test_what_is_reported_comes_again_and_what_came_before_it_does_not(follower: Follower) -> None:
    follower.pause(True)
    follower.put("first")
    follower.put("second", mode="report")
    follower.put("third")
    follower.pause(False)
    eventually(lambda: follower.seen() == ["INSERT first", "INSERT second", "INSERT third"])


def test_a_record_that_always_fails_ends_in_the_queue_alone(follower: Follower) -> None:
    follower.pause(True)
    follower.put("poison", mode="raise")
    follower.put("first", "second")
    follower.pause(False)
    eventually(lambda: follower.seen() == ["INSERT first", "INSERT second"])
    (letter,) = eventually(follower.dead)
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
