"""A global table's own settings arrive, and its rows outlive mistakes with its stack."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Resources, Stack

TTL = {"Enabled": True, "AttributeName": "expires_at"}
PITR = {"PointInTimeRecoveryEnabled": True}
INDEX = {
    "IndexName": "email-index",
    "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


class Table:
    """A table of a name of its own, as a stack defines it and as DynamoDB describes it."""

    def __init__(self, region: LoneRegion) -> None:
        self.region = region.place.name
        self.name = f"users-{uuid4().hex[:8]}"
        self.stack = Stack(region)
        self.dynamodb = self.stack.dynamodb

    def resources(self, replica: dict[str, Any] | None = None, **properties: Any) -> Resources:  # noqa: ANN401
        names = ("id", "email") if "GlobalSecondaryIndexes" in properties else ("id",)
        table = {
            "TableName": self.name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in names],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "Replicas": [{"Region": self.region, **(replica or {})}],
            **properties,
        }
        return {"Users": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": table}}

    def ttl(self) -> dict[str, Any]:
        return dict(self.dynamodb.describe_time_to_live(TableName=self.name)["TimeToLiveDescription"])

    def recovers(self) -> bool:
        answer = self.dynamodb.describe_continuous_backups(TableName=self.name)
        recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return recovery["PointInTimeRecoveryStatus"] == "ENABLED"

    def is_protected(self) -> bool:
        return self.dynamodb.describe_table(TableName=self.name)["Table"]["DeletionProtectionEnabled"]

    def tags(self) -> list[Any]:
        arn = self.dynamodb.describe_table(TableName=self.name)["Table"]["TableArn"]
        return list(self.dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"])

    def rows(self) -> list[Any]:
        return self.dynamodb.scan(TableName=self.name)["Items"]


@pytest.fixture
def table(lone_region: LoneRegion) -> Table:
    return Table(lone_region)


FULL = {
    "DeletionProtectionEnabled": True,
    "PointInTimeRecoverySpecification": PITR,
    "Tags": [{"Key": "team", "Value": "users"}],
}


def test_a_table_has_the_settings_of_its_own_region_and_they_outlive_a_kill(
    table: Table, lone_region: LoneRegion
) -> None:
    resources = table.resources(FULL, TimeToLiveSpecification=TTL)
    assert table.stack.create(resources, {"Id": {"Fn::GetAtt": ["Users", "TableId"]}}) == "CREATE_COMPLETE"
    described = table.dynamodb.describe_table(TableName=table.name)["Table"]
    assert table.stack.outputs()["Id"] == described["TableId"]

    lone_region.kill()
    lone_region.start()
    assert table.ttl() == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert (table.recovers(), table.is_protected()) == (True, True)
    assert table.tags() == FULL["Tags"]
    assert table.dynamodb.describe_table(TableName=table.name)["Table"] == described


def test_a_table_without_settings_has_none(table: Table) -> None:
    assert table.stack.create(table.resources()) == "CREATE_COMPLETE"
    assert (table.ttl()["TimeToLiveStatus"], table.recovers(), table.is_protected()) == (
        "DISABLED",
        False,
        False,
    )
    assert table.tags() == []


def test_an_index_says_that_it_is_active_and_may_stay_as_it_is(table: Table) -> None:
    resources = table.resources(GlobalSecondaryIndexes=[INDEX])
    assert table.stack.create(resources) == "CREATE_COMPLETE"
    (index,) = table.dynamodb.describe_table(TableName=table.name)["Table"]["GlobalSecondaryIndexes"]
    assert index == {**INDEX, "IndexStatus": "ACTIVE"}
    changed = table.resources(GlobalSecondaryIndexes=[INDEX], TimeToLiveSpecification=TTL)
    assert table.stack.update(changed) == "UPDATE_COMPLETE"


def test_settings_follow_a_change_of_the_stack(table: Table) -> None:
    table.stack.create(table.resources())
    assert table.stack.update(table.resources(FULL, TimeToLiveSpecification=TTL)) == "UPDATE_COMPLETE"
    assert (table.ttl()["TimeToLiveStatus"], table.recovers(), table.is_protected()) == (
        "ENABLED",
        True,
        True,
    )

    assert table.stack.update(table.resources()) == "UPDATE_COMPLETE"
    assert (table.ttl()["TimeToLiveStatus"], table.recovers(), table.is_protected()) == (
        "DISABLED",
        False,
        False,
    )


def test_a_change_keeps_the_rows(table: Table) -> None:
    table.stack.create(table.resources())
    table.dynamodb.put_item(TableName=table.name, Item={"id": {"S": "ada"}, "email": {"S": "a@b.c"}})
    assert table.stack.update(table.resources(GlobalSecondaryIndexes=[INDEX])) == "UPDATE_COMPLETE"
    found = table.dynamodb.query(
        TableName=table.name,
        IndexName="email-index",
        KeyConditionExpression="email = :e",
        ExpressionAttributeValues={":e": {"S": "a@b.c"}},
    )
    assert [item["id"]["S"] for item in found["Items"]] == ["ada"]


def test_a_protected_table_fails_the_deletion_of_its_stack_and_says_why(table: Table) -> None:
    table.stack.create(table.resources({"DeletionProtectionEnabled": True}))
    table.dynamodb.put_item(TableName=table.name, Item={"id": {"S": "ada"}})
    assert table.stack.delete() == "DELETE_FAILED"
    assert f"Table {table.name} is protected from deletion: switch that off first" in table.stack.reasons()
    assert len(table.rows()) == 1


def test_a_deleted_table_leaves_nothing_to_the_next_of_its_name(
    table: Table, lone_region: LoneRegion
) -> None:
    settings = {**FULL, "DeletionProtectionEnabled": False}
    table.stack.create(table.resources(settings, TimeToLiveSpecification=TTL))
    table.dynamodb.put_item(TableName=table.name, Item={"id": {"S": "ada"}})
    assert table.stack.delete() == "DELETE_COMPLETE"
    with pytest.raises(table.dynamodb.exceptions.ResourceNotFoundException):
        table.dynamodb.describe_table(TableName=table.name)

    assert Stack(lone_region).create(table.resources()) == "CREATE_COMPLETE"
    assert (table.rows(), table.tags(), table.recovers()) == ([], [], False)
    assert table.ttl()["TimeToLiveStatus"] == "DISABLED"


@pytest.mark.parametrize("indexes", [[], [INDEX]], ids=["no index", "an index"])
def test_a_table_whose_stack_was_lost_is_adopted_with_its_rows(
    table: Table, lone_region: LoneRegion, indexes: list[Any]
) -> None:
    table.stack.create(table.resources(None, **({"GlobalSecondaryIndexes": indexes} if indexes else {})))
    table.dynamodb.put_item(TableName=table.name, Item={"id": {"S": "ada"}})
    lone_region.kill()  # before the stack was saved
    lone_region.start()

    again = Stack(lone_region)
    resources = table.resources(TimeToLiveSpecification=TTL, GlobalSecondaryIndexes=[INDEX])
    assert again.create(resources) == "CREATE_COMPLETE"
    assert [item["id"]["S"] for item in table.rows()] == ["ada"]
    assert table.ttl()["TimeToLiveStatus"] == "ENABLED"
    described = table.dynamodb.describe_table(TableName=table.name)["Table"]
    assert [found["IndexName"] for found in described["GlobalSecondaryIndexes"]] == ["email-index"]


def test_a_table_of_another_stack_is_not_taken_over_with_other_keys(
    table: Table, lone_region: LoneRegion
) -> None:
    table.stack.create(table.resources())
    keys = [{"AttributeName": "other", "KeyType": "HASH"}]
    other = Stack(lone_region)
    definitions = [{"AttributeName": "other", "AttributeType": "S"}]
    resources = table.resources(KeySchema=keys, AttributeDefinitions=definitions)
    assert other.create(resources) != "CREATE_COMPLETE"
    described = table.dynamodb.describe_table(TableName=table.name)["Table"]
    assert [key["AttributeName"] for key in described["KeySchema"]] == ["id"]
