"""A restored table has keys, indexes and capacity of its source, and none of the settings that AWS drops."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.recoverable import INDEX, Recoverable, row


@pytest.fixture
def table(lone_region: LoneRegion) -> Recoverable:
    return Recoverable(
        lone_region,
        Tags=[{"Key": "team", "Value": "users"}],
        DeletionProtectionEnabled=True,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
    )


def test_a_restored_table_has_its_structure_and_no_other_setting(table: Recoverable) -> None:
    dynamodb = table.dynamodb
    dynamodb.update_time_to_live(
        TableName=table.name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    table.put("ada")
    target = table.await_active(table.restore())
    source, restored = table.describe(), table.describe(target)

    for kept in ("KeySchema", "AttributeDefinitions", "BillingModeSummary", "SSEDescription"):
        assert restored[kept] == source[kept]
    (index,), (former,) = restored["GlobalSecondaryIndexes"], source["GlobalSecondaryIndexes"]
    for kept in ("IndexName", "KeySchema", "Projection"):
        assert index[kept] == former[kept]
    assert restored["TableArn"].endswith(f"/{target}")
    assert restored["TableId"] != source["TableId"]
    assert restored["DeletionProtectionEnabled"] is False
    assert not {"LatestStreamArn", "StreamSpecification", "Replicas"} & restored.keys()
    ttl = dynamodb.describe_time_to_live(TableName=target)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "DISABLED"}
    assert dynamodb.list_tags_of_resource(ResourceArn=restored["TableArn"])["Tags"] == []
    recovery = dynamodb.describe_continuous_backups(TableName=target)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_indexes_can_be_left_out_and_capacity_chosen(table: Recoverable) -> None:
    table.put("ada")
    target = table.await_active(
        table.restore(
            GlobalSecondaryIndexOverride=[],
            BillingModeOverride="PROVISIONED",
            ProvisionedThroughputOverride={"ReadCapacityUnits": 3, "WriteCapacityUnits": 2},
        )
    )
    restored = table.describe(target)
    assert "GlobalSecondaryIndexes" not in restored
    assert restored["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert restored["ProvisionedThroughput"]["ReadCapacityUnits"] == 3
    assert table.rows(target) == {"ada": row("ada")}


@pytest.mark.parametrize(
    "change",
    [
        {"IndexName": "new-index"},
        {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
        {"Projection": {"ProjectionType": "KEYS_ONLY"}},
        {"WarmThroughput": {"ReadUnitsPerSecond": 1, "WriteUnitsPerSecond": 1}},
    ],
)
def test_an_index_that_the_source_does_not_have_is_refused(
    table: Recoverable, change: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.* does not match an index"):
        table.restore(GlobalSecondaryIndexOverride=[{**INDEX, **change}])


def test_capacity_that_is_asked_for_must_be_given(table: Recoverable) -> None:
    before = table.dynamodb.list_tables()["TableNames"]
    with pytest.raises(ClientError, match=r"ValidationException.*must be greater than zero"):
        table.restore(BillingModeOverride="PROVISIONED")
    assert table.dynamodb.list_tables()["TableNames"] == before


def test_nothing_is_restored_over_a_table(table: Recoverable) -> None:
    with pytest.raises(table.dynamodb.exceptions.TableAlreadyExistsException, match="Table already exists"):
        table.restore(TargetTableName=table.name)
