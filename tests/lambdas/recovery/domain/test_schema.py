from typing import Any

import pytest

from lambdas.recovery.domain.schema import differences, schema_of
from tests.lambdas.recovery.shelf import INDEXES, KEYS, SCHEMA, described


def said(description: dict[str, Any]) -> list[str]:
    return list(differences(schema_of(SCHEMA), description))


def test_a_table_as_expected_differs_in_nothing() -> None:
    assert said(described(KEYS, INDEXES)) == []


def test_an_index_too_many_is_no_fault() -> None:
    assert said(described(KEYS, {**INDEXES, "phone-index": [["phone", "HASH", "S"]]})) == []


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([["user_id", "HASH", "S"]], "user_id HASH S"),
        ([["timestamp", "HASH", "S"], ["user_id", "RANGE", "S"]], "timestamp HASH S, user_id RANGE S"),
        ([["user_id", "HASH", "N"], ["timestamp", "RANGE", "S"]], "user_id HASH N, timestamp RANGE S"),
    ],
)
def test_another_primary_key_is_told(keys: list[list[str]], says: str) -> None:
    assert said(described(keys, INDEXES)) == [
        f"the primary key is {says}, and not user_id HASH S, timestamp RANGE S"
    ]


@pytest.mark.parametrize("missing", INDEXES)
def test_each_index_that_is_missing_is_told(missing: str) -> None:
    assert said(described(KEYS, {name: key for name, key in INDEXES.items() if name != missing})) == [
        f"{missing} is missing"
    ]


def test_a_table_without_any_index_lacks_all() -> None:
    description = described(KEYS, {})
    del description["GlobalSecondaryIndexes"]
    assert said(description) == [f"{name} is missing" for name in INDEXES]


def test_an_index_with_a_key_of_a_wrong_type_is_told() -> None:
    indexes = {**INDEXES, "created-index": [["shard", "HASH", "N"], ["created_at", "RANGE", "N"]]}
    assert said(described(KEYS, indexes)) == [
        "the key of created-index is shard HASH N, created_at RANGE N, and not "
        "shard HASH N, created_at RANGE S"
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"IndexStatus": "CREATING"}, "email-index is CREATING"),
        (
            {"Projection": {"ProjectionType": "KEYS_ONLY"}},
            "email-index has KEYS_ONLY of each row, and not ALL",
        ),
    ],
)
def test_an_index_that_does_not_have_every_row_whole_is_told(change: dict[str, Any], says: str) -> None:
    description = described(KEYS, INDEXES)
    description["GlobalSecondaryIndexes"][0].update(change)
    assert said(description) == [says]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": [["user_id"]], "indexes": {}}'])
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        schema_of(text)
