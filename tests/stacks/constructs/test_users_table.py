"""The shape of the users table, which the functions rely on."""

from typing import Any

import pytest

from tests.stacks.assembly import Assembly


@pytest.fixture
def table(assembly: Assembly) -> dict[str, Any]:
    properties = assembly.stacks["ProdData-Data"].only("AWS::DynamoDB::GlobalTable")["Properties"]
    assert isinstance(properties, dict)
    return properties


def test_its_keys_are_a_user_and_a_time(table: dict[str, Any]) -> None:
    assert _keys(table, table) == [("user_id", "S"), ("timestamp", "S")]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("email-index", [("email", "S")]),
        ("age-index", [("shard", "N"), ("age", "N")]),
        ("created-index", [("shard", "N"), ("created_at", "S")]),
        ("name-index", [("shard", "N"), ("name_key", "S")]),
    ],
)
def test_an_index_holds_whole_rows(table: dict[str, Any], name: str, keys: list[tuple[str, str]]) -> None:
    (index,) = [index for index in table["GlobalSecondaryIndexes"] if index["IndexName"] == name]
    assert _keys(table, index) == keys
    assert index["Projection"] == {"ProjectionType": "ALL"}


def test_it_has_no_other_index(table: dict[str, Any]) -> None:
    assert len(table["GlobalSecondaryIndexes"]) == 4


def test_it_is_paid_by_request(table: dict[str, Any]) -> None:
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_its_stream_has_each_row_before_and_after(table: dict[str, Any]) -> None:
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_rows_expire_by_expires_at(table: dict[str, Any]) -> None:
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_it_is_encrypted_with_the_key_that_aws_manages(table: dict[str, Any]) -> None:
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    assert not any("SSESpecification" in replica for replica in table["Replicas"])


def test_regions_agree_eventually(table: dict[str, Any]) -> None:
    assert table["MultiRegionConsistency"] == "EVENTUAL"


def _keys(table: dict[str, Any], owner: dict[str, Any]) -> list[tuple[str, str]]:
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    return [(key["AttributeName"], types[key["AttributeName"]]) for key in owner["KeySchema"]]
