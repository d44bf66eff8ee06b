"""A released users table, and changes to it, as a template has them."""

from collections.abc import Callable, Mapping
from typing import Any

from stacks.tables import TableStack

HOME, PEER, THIRD = "eu-west-1", "eu-central-1", "eu-north-1"


def index(name: str, *, key: str = "email", projection: str = "ALL") -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        "Projection": {"ProjectionType": projection},
    }


def replica(region: str) -> dict[str, Any]:
    return {
        "Region": region,
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35},
    }


def users_table() -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::GlobalTable",
        "Properties": {
            "TableName": "users",
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": type_}
                for name, type_ in {"user_id": "S", "timestamp": "S", "email": "S", "age": "N"}.items()
            ],
            "KeySchema": [
                {"AttributeName": "user_id", "KeyType": "HASH"},
                {"AttributeName": "timestamp", "KeyType": "RANGE"},
            ],
            "GlobalSecondaryIndexes": [index("email-index"), index("age-index", key="age")],
            "MultiRegionConsistency": "EVENTUAL",
            "Replicas": [replica(PEER), replica(HOME)],
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        },
        "UpdateReplacePolicy": "Retain",
        "DeletionPolicy": "Retain",
    }


def stack(*, region: str = HOME, **tables: Mapping[str, Any]) -> TableStack:
    return TableStack(region=region, tables=tables)


RELEASED = stack(Users=users_table())
Change = Callable[[dict[str, Any]], object]


def proposed(*changes: Change) -> TableStack:
    table = users_table()
    for change in changes:
        change(table["Properties"])
    return stack(Users=table)


def add_index(name: str) -> Change:
    return lambda properties: properties["GlobalSecondaryIndexes"].append(index(name))


def drop_index(properties: dict[str, Any]) -> None:
    del properties["GlobalSecondaryIndexes"][0]


def rekey_index(properties: dict[str, Any]) -> None:
    properties["GlobalSecondaryIndexes"][0] = index("email-index", key="age")


def project_less(properties: dict[str, Any]) -> None:
    properties["GlobalSecondaryIndexes"][0] = index("email-index", projection="KEYS_ONLY")


def add_replica(region: str) -> Change:
    return lambda properties: properties["Replicas"].append(replica(region))


def drop_replica(region: str) -> Change:
    def change(properties: dict[str, Any]) -> None:
        properties["Replicas"] = [each for each in properties["Replicas"] if each["Region"] != region]

    return change


def put(field: str, value: object) -> Change:
    return lambda properties: properties.update({field: value})


def of_type(attribute: str, type_: str) -> Change:
    def change(properties: dict[str, Any]) -> None:
        for definition in properties["AttributeDefinitions"]:
            if definition["AttributeName"] == attribute:
                definition["AttributeType"] = type_

    return change


def in_each_replica(**values: object) -> Change:
    return lambda properties: [each.update(values) for each in properties["Replicas"]]
