"""A change of a table's definition is journalled, also right after a restart took the old one over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.test_global_table import INDEX, Table

Change = Callable[[Table, str], object]


@pytest.fixture
def table(lone_region: LoneRegion) -> Table:
    table = Table(lone_region)
    tags = {"Tags": [{"Key": "team", "Value": "users"}]}
    assert table.stack.create(table.resources(tags)) == "CREATE_COMPLETE"
    return table


def tag(table: Table, arn: str) -> None:
    table.dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "added", "Value": "later"}])


def index(table: Table, _arn: str) -> None:
    table.dynamodb.update_table(
        TableName=table.name,
        AttributeDefinitions=[{"AttributeName": "email", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": INDEX}],  # type: ignore[typeddict-item]
    )


def protect(table: Table, _arn: str) -> None:
    table.dynamodb.update_table(TableName=table.name, DeletionProtectionEnabled=True)


def seen(table: Table) -> tuple[object, ...]:
    described = table.dynamodb.describe_table(TableName=table.name)["Table"]
    return described, table.tags()


@pytest.mark.parametrize("change", [tag, index, protect], ids=lambda change: change.__name__)
def test_a_change_right_after_a_restart_outlives_the_next_kill(
    lone_region: LoneRegion, table: Table, change: Change
) -> None:
    before = seen(table)
    lone_region.kill()
    lone_region.start()
    change(table, table.dynamodb.describe_table(TableName=table.name)["Table"]["TableArn"])
    after = seen(table)
    assert after != before

    lone_region.kill()
    lone_region.start()
    assert seen(table) == after
