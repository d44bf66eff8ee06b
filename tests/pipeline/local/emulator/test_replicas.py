"""A table gets and loses replicas by UpdateTable, with all of its rows, and each keeps what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.pipeline.local.emulator.clouds import Stack
from tests.pipeline.local.emulator.pairs import PairedRegion, RegionPair
from tests.waiting import eventually


@pytest.fixture
def table(region_pair: RegionPair) -> str:
    name = region_pair.primary.create_table()
    for first in range(0, 600, 25):
        region_pair.primary.put_all(name, range(first, first + 25))
    return name


def replication(region: PairedRegion, **settings: object) -> None:
    answer = httpx.post(f"{region.place.aws_url}/_local/replication", json=settings, trust_env=False)
    answer.raise_for_status()


@pytest.fixture
def paused(region_pair: RegionPair) -> Iterator[PairedRegion]:
    replication(region_pair.secondary, paused=True)
    yield region_pair.secondary
    replication(region_pair.secondary, paused=False)


def refusal(call: Any, **parameters: Any) -> tuple[str, str]:  # noqa: ANN401
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def test_a_replica_is_active_once_it_has_every_row_that_was_there(
    region_pair: RegionPair, table: str, paused: PairedRegion
) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    before = primary.rows(table)
    region_pair.change(table, "Create")
    described = primary.describe(table)
    assert described is not None
    assert described["TableStatus"] == "UPDATING"
    assert described["Replicas"] == [{"RegionName": secondary.name, "ReplicaStatus": "CREATING"}]
    assert described["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    primary.put(table, "meanwhile", 1)

    replication(paused, paused=False)
    eventually(lambda: (secondary.describe(table) or {}).get("TableStatus") == "ACTIVE")
    assert before.items() <= secondary.rows(table).items()
    region_pair.await_active(table)
    assert region_pair.replicas(table) == [
        {"RegionName": secondary.name, "ReplicaStatus": "ACTIVE"},
        {"RegionName": primary.name, "ReplicaStatus": "ACTIVE"},
    ]
    assert (primary.describe(table) or {})["TableStatus"] == "ACTIVE"
    secondary.put(table, "back", 2)
    eventually(
        lambda: primary.rows(table) == secondary.rows(table) == {**before, "meanwhile": "1", "back": "2"}
    )


def test_a_replica_that_was_deleted_and_is_made_again_has_all_rows_of_both_regions(
    region_pair: RegionPair, table: str
) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    region_pair.share(table)
    secondary.put(table, "theirs", 7)
    eventually(lambda: "theirs" in primary.rows(table))
    region_pair.change(table, "Delete")
    eventually(lambda: secondary.describe(table) is None)
    eventually(lambda: "Replicas" not in (primary.describe(table) or {}))
    expected = primary.rows(table)

    region_pair.share(table)
    assert secondary.rows(table) == expected
    assert expected["theirs"] == "7"


def test_delete_table_removes_one_replica_and_the_other_region_is_told(
    region_pair: RegionPair, table: str
) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    region_pair.share(table)
    primary.dynamodb.delete_table(TableName=table)
    eventually(lambda: "Replicas" not in (secondary.describe(table) or {"Replicas": 1}))
    assert len(secondary.rows(table)) == 600
    assert primary.describe(table) is None
    for region in (primary, secondary):
        region.kill()
        region.start()
    assert len(secondary.rows(table)) == 600
    assert primary.describe(table) is None


def test_a_table_of_the_name_of_a_deleted_one_has_nothing_of_it_in_either_region(
    region_pair: RegionPair, table: str
) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    region_pair.share(table)
    secondary.put(table, "theirs", 7)
    eventually(lambda: "theirs" in primary.rows(table))
    region_pair.change(table, "Delete")
    eventually(lambda: "Replicas" not in (primary.describe(table) or {}))
    primary.dynamodb.delete_table(TableName=table)
    primary.dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    primary.put(table, "new", 1)
    region_pair.share(table)
    assert primary.rows(table) == secondary.rows(table) == {"new": "1"}
    secondary.kill()
    secondary.start()
    assert secondary.rows(table) == {"new": "1"}


def recovers(region: PairedRegion, table: str) -> bool:
    answer = region.dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    return answer["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_protection_recovery_and_tags_are_each_regions_own_and_ttl_is_everybodys(
    region_pair: RegionPair, table: str
) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    region_pair.share(table)
    arn = (secondary.describe(table) or {})["TableArn"]
    secondary.dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
    primary.dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    secondary.dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "users"}])
    ttl: Any = {"Enabled": True, "AttributeName": "expires_at"}
    primary.dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
    described = secondary.dynamodb.describe_time_to_live
    eventually(lambda: described(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED")

    def settings(region: PairedRegion) -> tuple[bool, bool, int]:
        found = region.describe(table) or {}
        tags = region.dynamodb.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"]
        return found["DeletionProtectionEnabled"], recovers(region, table), len(tags)

    expected = [(False, True, 0), (True, False, 1)]
    assert [settings(region) for region in (primary, secondary)] == expected
    for region in (primary, secondary):
        region.kill()
        region.start()
    assert [settings(region) for region in (primary, secondary)] == expected
    assert refusal(secondary.dynamodb.delete_table, TableName=table)[0] == "ValidationException"
    secondary.dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)


def test_a_region_that_was_killed_while_a_replica_was_made_goes_on(
    region_pair: RegionPair, table: str, paused: PairedRegion
) -> None:
    region_pair.change(table, "Create")
    region_pair.primary.kill()
    region_pair.primary.start()
    assert region_pair.replicas(table)[0]["ReplicaStatus"] == "CREATING"
    replication(paused, paused=False)
    region_pair.await_active(table)
    assert region_pair.secondary.rows(table) == region_pair.primary.rows(table)


def test_what_dynamodb_refuses_is_refused_and_changes_nothing(region_pair: RegionPair, table: str) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    update = primary.dynamodb.update_table

    def refused(action: str, region: str) -> str:
        code, message = refusal(update, TableName=table, ReplicaUpdates=[{action: {"RegionName": region}}])
        assert code == "ValidationException"
        return message

    assert refused("Create", primary.name).startswith("Cannot add, delete, or update the local region")
    assert refused("Delete", secondary.name).startswith("Replica specified in the Replica Update")
    assert refused("Create", "ap-south-1") == "Unsupported replica region: ap-south-1"
    assert "Replicas" not in (primary.describe(table) or {})
    region_pair.share(table)
    assert "already existed as tables" in refused("Create", secondary.name)
    secondary.dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
    eventually(lambda: "protected against deletion" in protected(region_pair, table))
    secondary.dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)


def protected(pair: RegionPair, table: str) -> str:
    try:
        pair.change(table, "Update")
        return refusal(
            pair.primary.dynamodb.update_table,
            TableName=table,
            ReplicaUpdates=[{"Delete": {"RegionName": pair.secondary.name}}],
        )[1]
    except ClientError as error:
        return str(error)


def test_a_table_that_is_being_shared_is_not_changed_or_deleted(
    region_pair: RegionPair, table: str, paused: PairedRegion
) -> None:
    region_pair.change(table, "Create")
    dynamodb = region_pair.primary.dynamodb
    assert refusal(dynamodb.delete_table, TableName=table)[0] == "ResourceInUseException"
    updates = [{"Delete": {"RegionName": paused.name}}]
    refused = refusal(dynamodb.update_table, TableName=table, ReplicaUpdates=updates)
    assert refused[0] == "ResourceInUseException"
    replication(paused, paused=False)
    region_pair.await_active(table)


def template(name: str, regions: list[str], **settings: object) -> dict[str, dict[str, Any]]:
    properties = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "Replicas": [{"Region": region, **settings} for region in regions],
    }
    users = {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties, "DeletionPolicy": "Retain"}
    return {"Users": users, "Other": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}}


@pytest.mark.parametrize("shared", [True, False])
def test_a_stack_adopts_a_table_with_its_rows_and_a_retained_one_outlives_it(
    region_pair: RegionPair, table: str, shared: bool
) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    if shared:
        region_pair.share(table)
    stack = Stack(primary)
    resources = template(table, [primary.name, secondary.name], DeletionProtectionEnabled=True)
    assert stack.create(resources) == "CREATE_COMPLETE", stack.reasons()
    eventually(lambda: len(secondary.rows(table)) == 600)
    found = primary.describe(table) or {}
    assert found["StreamSpecification"]["StreamEnabled"]
    assert [
        (region.describe(table) or {})["DeletionProtectionEnabled"] for region in (primary, secondary)
    ] == [
        True,
        True,
    ]
    assert len(region_pair.replicas(table)) == 2

    assert stack.update({"Other": resources["Other"]}) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert len(primary.rows(table)) == len(secondary.rows(table)) == 600


def test_a_stack_that_goes_takes_the_replicas_with_it(region_pair: RegionPair) -> None:
    primary, secondary = region_pair.primary, region_pair.secondary
    name, stack = f"users-{uuid4().hex[:8]}", Stack(primary)
    resources = template(name, [primary.name, secondary.name])
    del resources["Users"]["DeletionPolicy"]
    assert stack.create(resources) == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert primary.describe(name) is None
    eventually(lambda: secondary.describe(name) is None)


def test_a_region_that_lost_its_disk_gets_all_rows_of_a_shared_table_again(tmp_path: Path) -> None:
    pair = RegionPair(tmp_path)
    pair.start()
    try:
        table = pair.primary.create_table()
        pair.primary.put(table, "ada", 1)
        pair.share(table)
        pair.secondary.put(table, "bob", 2)
        eventually(lambda: len(pair.primary.rows(table)) == 2)
        pair.secondary.kill()
        pair.secondary.lose_disk()
        pair.secondary.start()
        eventually(lambda: pair.secondary.describe(table))
        eventually(lambda: pair.secondary.rows(table) == {"ada": "1", "bob": "2"})
    finally:
        pair.stop()
