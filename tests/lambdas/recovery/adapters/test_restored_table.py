"""A table is read whole, page by page, side by side; what keeps it from being read is said."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from lambdas.recovery.adapters.restored_table import RestoredTable, restored_table
from lambdas.recovery.domain.inspection import Expectation, inspect
from lambdas.recovery.domain.reading import Key, Row, key_of
from lambdas.recovery.domain.schema import schema_of
from lambdas.recovery.domain.table import TableUnreadable
from lambdas.users.adapters.call import NO_ANSWER, DynamoError
from tests.lambdas.conftest import NOON, REGION
from tests.lambdas.recovery.shelf import INDEXES, KEYS, RETENTION, SCHEMA, described, lived
from tests.lambdas.users.adapters.road import Road

NAME = "users-restored"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[RestoredTable]:
    """A table in DynamoDB that the application wrote."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        description: Any = described(KEYS, INDEXES)
        client.create_table(TableName=NAME, BillingMode="PAY_PER_REQUEST", **description)
        rows: Any = lived().all()
        for start in range(0, len(rows), 25):
            requests: Any = [{"PutRequest": {"Item": row}} for row in rows[start : start + 25]]
            client.batch_write_item(RequestItems={NAME: requests})
        yield restored_table(NAME, region=REGION)


def keys(rows: Iterable[Row]) -> set[Key]:
    return {key_of(row) for row in rows}


def test_a_table_is_right_as_the_application_wrote_it(table: RestoredTable) -> None:
    expected = Expectation(schema=schema_of(SCHEMA), least_users=30, sample=1000, retention=RETENTION)
    inspection = inspect(table, expected, now=NOON, more=lambda: True)
    assert (inspection.status, inspection.findings) == ("SUCCESSFUL", [])
    assert (inspection.users, inspection.sampled, inspection.claims) == (30, 30, 30)


def test_every_row_is_handed_over_once(table: RestoredTable) -> None:
    rows: list[Row] = []
    assert table.scan(rows.extend, more=lambda: True)
    assert len(rows) == len(lived().all())
    assert keys(rows) == keys(lived().all())


def test_rows_are_found_by_their_keys_and_those_that_are_not_there_are_not(table: RestoredTable) -> None:
    asked = [("user-1", "CURRENT"), ("nobody", "CURRENT"), ("user-1", "CURRENT")]
    assert set(table.rows(asked)) == {("user-1", "CURRENT")}
    assert table.rows([]) == {}


def test_more_rows_are_found_than_one_request_may_ask_for(table: RestoredTable) -> None:
    everything = keys(lived().all())
    absent = [(f"nobody-{number}", "CURRENT") for number in range(200)]
    assert set(table.rows([*absent, *everything])) == everything


def test_a_partition_has_all_rows_of_a_user(table: RestoredTable) -> None:
    assert keys(table.partition("user-3")) == keys(lived().partition("user-3"))
    assert len(table.partition("user-3")) == 4


class Pages(Road):
    """A segment of pages without an end, each with a row of its own."""

    def __call__(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        super().__call__(operation, request)
        return {"Items": [{}], "LastEvaluatedKey": {"segment": request["Segment"]}}


def test_reading_ends_where_there_is_no_more_time() -> None:
    left, rows = iter(range(20)), list[Row]()
    road = Pages({})
    assert not RestoredTable(NAME, road).scan(rows.extend, more=lambda: next(left, None) is not None)
    assert 20 < len(rows) == len(road.requests) < 30


def test_reading_is_eventually_consistent_and_looking_up_is_not() -> None:
    road = Road({"Items": [], "Responses": {}})
    table = RestoredTable(NAME, road)
    table.scan(list[Row]().extend, more=lambda: True)
    table.rows([("ada", "CURRENT")])
    table.partition("ada")
    consistent = {
        operation: request.get("ConsistentRead")
        or request.get("RequestItems", {}).get(NAME, {}).get("ConsistentRead", False)
        for operation, request in road.requests
    }
    assert consistent == {"Scan": False, "BatchGetItem": True, "Query": True}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", NO_ANSWER])
def test_a_table_that_cannot_be_read_says_which_and_why(code: str) -> None:
    table = RestoredTable(NAME, Road(DynamoError(code)))
    for read in (
        table.description,
        lambda: table.scan(list[Row]().extend, more=lambda: True),
        lambda: table.rows([("ada", "CURRENT")]),
        lambda: table.partition("ada"),
    ):
        with pytest.raises(TableUnreadable, match=rf"^users-restored cannot be read: {code}\.$"):
            read()


def test_a_table_that_is_not_there_cannot_be_read(table: RestoredTable) -> None:
    del table
    with pytest.raises(TableUnreadable, match=r"^gone cannot be read: ResourceNotFoundException\.$"):
        restored_table("gone", region=REGION).description()
