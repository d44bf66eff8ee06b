"""When a table is whole."""

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.replicas import unready

WHOLE: Mapping[str, Any] = {
    "TableStatus": "ACTIVE",
    "GlobalSecondaryIndexes": [{"IndexName": "email-index", "IndexStatus": "ACTIVE"}],
    "Replicas": [{"RegionName": "eu-central-1", "ReplicaStatus": "ACTIVE"}],
}


class Described:
    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table

    def describe_table(self, *, TableName: str) -> Mapping[str, Any]:  # noqa: N803
        assert TableName == "users-beta"
        return {"Table": self.table}


def test_a_whole_table_lacks_nothing() -> None:
    assert unready(Described(WHOLE), "users-beta") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"TableStatus": "UPDATING"}, "the table is UPDATING"),
        (
            {"GlobalSecondaryIndexes": [{"IndexName": "age-index", "IndexStatus": "CREATING"}]},
            "the index age-index is CREATING",
        ),
        (
            {"Replicas": [{"RegionName": "eu-central-1", "ReplicaStatus": "CREATING"}]},
            "the replica in eu-central-1 is CREATING",
        ),
        ({"Replicas": []}, "the replica is missing"),
    ],
)
def test_what_is_not_there_yet_is_told(change: Mapping[str, Any], said: str) -> None:
    assert unready(Described({**WHOLE, **change}), "users-beta") == [said]
