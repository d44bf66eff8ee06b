"""Every way in which a row can change goes through the journal, so that a kill loses nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from pipeline.local import control
from tests.conftest import LoneRegion
from tests.waiting import eventually

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Rows = list[dict[str, "AttributeValueTypeDef"]]


def client(region: LoneRegion, name: str | None = None) -> DynamoDBClient:
    return session(region, name).client("dynamodb", endpoint_url=region.place.aws_url)


def session(region: LoneRegion, name: str | None = None) -> boto3.Session:
    return boto3.Session("000000000000", "local", region_name=name or region.place.name)


@pytest.fixture
def table(lone_region: LoneRegion) -> str:
    name = f"rows-{uuid4().hex[:8]}"
    client(lone_region).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("id", "at", "email")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "email-index",
                "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return name


def row(id: str, **more: AttributeValueTypeDef) -> dict[str, AttributeValueTypeDef]:
    return {"id": {"S": id}, "at": {"S": "CURRENT"}, "email": {"S": f"{id}@example.com"}, **more}


def key(id: str) -> dict[str, AttributeValueTypeDef]:
    return {"id": {"S": id}, "at": {"S": "CURRENT"}}


def everything(region: LoneRegion, table: str) -> Rows:
    pages = client(region).get_paginator("scan").paginate(TableName=table)
    return sorted((item for page in pages for item in page["Items"]), key=lambda item: str(item["id"]["S"]))


def put(dynamo: DynamoDBClient, table: str) -> None:
    dynamo.put_item(TableName=table, Item=row("put", n={"N": "1"}))
    dynamo.put_item(TableName=table, Item=row("put", n={"N": "2"}))


def update(dynamo: DynamoDBClient, table: str) -> None:
    for _ in range(2):
        dynamo.update_item(
            TableName=table,
            Key=key("update"),
            UpdateExpression="ADD visits :one SET #m = :m",
            ExpressionAttributeNames={"#m": "more"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":m": {"M": {"deep": {"L": [{"BOOL": True}]}}}},
        )


def delete(dynamo: DynamoDBClient, table: str) -> None:
    dynamo.put_item(TableName=table, Item=row("deleted"))
    dynamo.put_item(TableName=table, Item=row("kept"))
    dynamo.delete_item(TableName=table, Key=key("deleted"))


def batch(dynamo: DynamoDBClient, table: str) -> None:
    dynamo.batch_write_item(
        RequestItems={
            table: [{"PutRequest": {"Item": row(f"batch-{n}", b={"B": b"\0\xff"})}} for n in range(25)]
        }
    )
    dynamo.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": key("batch-3")}}]})


def transact(dynamo: DynamoDBClient, table: str) -> None:
    dynamo.put_item(TableName=table, Item=row("gone"))
    dynamo.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, "Item": row("transact")}},
            {"Update": {"TableName": table, "Key": key("t2"), "UpdateExpression": "SET n = :n",
                        "ExpressionAttributeValues": {":n": {"N": "7"}}}},
            {"Delete": {"TableName": table, "Key": key("gone")}},
        ]
    )  # fmt: skip


def partiql(dynamo: DynamoDBClient, table: str) -> None:
    for name in ("one", "two"):
        dynamo.execute_statement(
            Statement=f"INSERT INTO \"{table}\" VALUE {{'id': '{name}', 'at': 'CURRENT'}}"
        )
    dynamo.execute_statement(Statement=f"UPDATE \"{table}\" SET n = 1 WHERE id = 'one' AND at = 'CURRENT'")  # noqa: S608
    dynamo.execute_statement(Statement=f"DELETE FROM \"{table}\" WHERE id = 'two' AND at = 'CURRENT'")  # noqa: S608


@pytest.mark.parametrize("write", [put, update, delete, batch, transact, partiql], ids=lambda f: f.__name__)
def test_what_was_acknowledged_is_there_after_a_kill(
    lone_region: LoneRegion, table: str, write: Callable[[DynamoDBClient, str], None]
) -> None:
    write(client(lone_region), table)
    before = everything(lone_region, table)
    described = client(lone_region).describe_table(TableName=table)["Table"]
    assert before

    lone_region.kill()
    lone_region.start()

    assert everything(lone_region, table) == before
    assert client(lone_region).describe_table(TableName=table)["Table"] == described


def test_indexes_answer_after_a_kill(lone_region: LoneRegion, table: str) -> None:
    put(client(lone_region), table)
    lone_region.kill()
    lone_region.start()
    found = client(lone_region).query(
        TableName=table,
        IndexName="email-index",
        KeyConditionExpression="email = :e",
        ExpressionAttributeValues={":e": {"S": "put@example.com"}},
    )
    assert [item["n"]["N"] for item in found["Items"]] == ["2"]


def test_a_refused_transaction_leaves_no_line_in_the_journal(lone_region: LoneRegion, table: str) -> None:
    dynamo = client(lone_region)
    dynamo.put_item(TableName=table, Item=row("taken"))
    before = lone_region.journal.read_bytes()
    condition = "attribute_not_exists(id)"
    puts: Any = [
        {"Put": {"TableName": table, "Item": row(name), "ConditionExpression": condition}}
        for name in ("new", "taken")
    ]
    with pytest.raises(dynamo.exceptions.TransactionCanceledException):
        dynamo.transact_write_items(TransactItems=puts)
    assert lone_region.journal.read_bytes() == before


def test_a_transaction_is_one_line(lone_region: LoneRegion, table: str) -> None:
    before = len(lone_region.journal.read_bytes())
    puts: Any = [{"Put": {"TableName": table, "Item": row(f"row-{n}")}} for n in range(3)]
    client(lone_region).transact_write_items(TransactItems=puts)
    (line,) = lone_region.journal.read_bytes()[before:].splitlines()
    assert len(json.loads(line)["changes"]) == 3


def test_settings_of_a_table_are_there_after_a_kill(lone_region: LoneRegion, table: str) -> None:
    dynamo = client(lone_region)
    dynamo.update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    dynamo.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    lone_region.kill()
    lone_region.start()
    ttl = client(lone_region).describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    recovery = client(lone_region).describe_continuous_backups(TableName=table)[
        "ContinuousBackupsDescription"
    ]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_a_deleted_table_and_its_rows_stay_deleted(lone_region: LoneRegion, table: str) -> None:
    dynamo = client(lone_region)
    put(dynamo, table)
    dynamo.delete_table(TableName=table)
    lone_region.kill()
    lone_region.start()
    with pytest.raises(dynamo.exceptions.ResourceNotFoundException):
        dynamo.describe_table(TableName=table)


def test_a_request_signed_for_another_region_is_refused(lone_region: LoneRegion, table: str) -> None:
    with pytest.raises(ClientError, match="this endpoint is eu-west-1"):
        client(lone_region, "us-east-1").put_item(TableName=table, Item=row("lost"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a running process")
def test_a_journal_that_cannot_be_written_stops_the_region_before_it_acknowledges(
    lone_region: LoneRegion, table: str
) -> None:
    process = lone_region.service.process
    assert process is not None
    size = lone_region.journal.stat().st_size
    process.rlimit(1, (size, size))  # RLIMIT_FSIZE: a full disk, as the process sees it
    with pytest.raises(Exception, match=r"Connection was closed|Could not connect|reset"):
        client(lone_region).put_item(TableName=table, Item=row("unacknowledged"))
    eventually(lambda: lone_region.service.process is None)
    assert "journal cannot be written" in lone_region.service.last_words()

    lone_region.start()
    assert everything(lone_region, table) == []


def test_a_checkpoint_keeps_what_is_not_in_the_journal(lone_region: LoneRegion) -> None:
    ssm = session(lone_region).client("ssm", endpoint_url=lone_region.place.aws_url)
    ssm.put_parameter(Name="kept", Value="yes", Type="String")
    control.checkpoint(lone_region.place)
    lone_region.kill()
    lone_region.start()
    assert ssm.get_parameter(Name="kept")["Parameter"]["Value"] == "yes"
