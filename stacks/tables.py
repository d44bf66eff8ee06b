"""The tables of a stack, as its template has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Resource = Mapping[str, Any]

TYPES = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"})


@dataclass(frozen=True, kw_only=True)
class TableStack:
    """The tables of one stack by logical id, as resources of its template, and the Region of the stack."""

    region: str
    tables: Mapping[str, Resource]


def tables_of(template: Mapping[str, Any]) -> Mapping[str, Resource]:
    """The tables of a template by logical id, without what only the CDK reads."""
    return {
        id_: {part: value for part, value in resource.items() if part != "Metadata"}
        for id_, resource in template.get("Resources", {}).items()
        if resource["Type"] in TYPES
    }


def key_types(table: Resource) -> Mapping[str, str]:
    """The types of the attributes that are keys, by name."""
    definitions = table["Properties"].get("AttributeDefinitions", [])
    return {each["AttributeName"]: each["AttributeType"] for each in definitions}


def indexes(table: Resource) -> Mapping[str, Resource]:
    """A table's global secondary indexes by name: of each what cannot change, with the types of its keys."""
    types = key_types(table)
    return {
        index["IndexName"]: {
            "KeySchema": index["KeySchema"],
            "Projection": index.get("Projection"),
            "types": [types.get(key["AttributeName"]) for key in index["KeySchema"]],
        }
        for index in table["Properties"].get("GlobalSecondaryIndexes", [])
    }


def replicas(table: Resource) -> Mapping[str, Resource]:
    """A table's replicas by Region."""
    return {replica["Region"]: replica for replica in table["Properties"].get("Replicas", [])}
