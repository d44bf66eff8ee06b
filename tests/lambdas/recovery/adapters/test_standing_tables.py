"""What stands is found on every page, and deleted only if it may be."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from lambdas.recovery.adapters.standing_tables import StandingTables, standing_tables
from lambdas.recovery.domain.left_over import StandingTable
from lambdas.users.adapters.call import DynamoError
from tests.lambdas.conftest import NOON, REGION
from tests.lambdas.recovery.standing import PREFIX, Ground


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandingTables]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        yield standing_tables(REGION)


def make(name: str, *, protected: bool = False) -> None:
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        DeletionProtectionEnabled=protected,
    )


def standing(name: str) -> StandingTable:
    return StandingTable(name=name, created=NOON, protected=False, status="ACTIVE")


def test_tables_are_found_by_their_prefix_as_they_stand(tables: StandingTables) -> None:
    make("users")
    make(f"{PREFIX}1")
    make(f"{PREFIX}2", protected=True)
    found = list(tables.named(PREFIX))
    assert [(table.name, table.protected, table.status) for table in found] == [
        (f"{PREFIX}1", False, "ACTIVE"),
        (f"{PREFIX}2", True, "ACTIVE"),
    ]
    assert all(abs(datetime.now(UTC) - table.created) < timedelta(minutes=5) for table in found)


@pytest.mark.parametrize("others", range(6))
def test_every_page_of_names_is_read(others: int) -> None:
    ground = Ground()
    for number in range(others):
        ground.add(f"a-{number}", hours=1)
    for number in range(5):
        ground.add(f"{PREFIX}{number}", hours=1)
    assert [table.name for table in ground.tables.named(PREFIX)] == [f"{PREFIX}{n}" for n in range(5)]


def test_a_table_is_deleted_and_no_other_is(tables: StandingTables) -> None:
    make(f"{PREFIX}1")
    make(f"{PREFIX}10")
    assert tables.delete(standing(f"{PREFIX}1"))
    assert [table.name for table in tables.named("")] == [f"{PREFIX}10"]


def test_a_table_that_is_gone_already_is_as_good_as_deleted(tables: StandingTables) -> None:
    assert tables.delete(standing(f"{PREFIX}1"))


def test_a_protected_table_stays(tables: StandingTables) -> None:
    make(f"{PREFIX}1", protected=True)
    assert not tables.delete(standing(f"{PREFIX}1"))
    assert [table.name for table in tables.named("")] == [f"{PREFIX}1"]


class Refusing:
    """A DynamoCall that lists one table, and refuses to do more with it."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - as DynamoCall
        if operation == "ListTables":
            return {"TableNames": [f"{PREFIX}1"]}
        raise DynamoError(self._code)


def test_a_table_that_goes_while_it_is_looked_at_stands_no_more() -> None:
    assert list(StandingTables(Refusing("ResourceNotFoundException")).named(PREFIX)) == []


def test_a_table_that_is_in_use_stays() -> None:
    assert not StandingTables(Refusing("ResourceInUseException")).delete(standing(f"{PREFIX}1"))


def test_a_right_that_is_missing_is_told() -> None:
    tables = StandingTables(Refusing("AccessDeniedException"))
    with pytest.raises(DynamoError, match=r"^AccessDeniedException$"):
        list(tables.named(PREFIX))
    with pytest.raises(DynamoError, match=r"^AccessDeniedException$"):
        tables.delete(standing(f"{PREFIX}1"))
