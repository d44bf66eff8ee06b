"""The keys and indexes that a table must have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from lambdas.recovery.domain.reading import Row

KeyPart = tuple[str, str, str]


class Schema(Struct, frozen=True, kw_only=True):
    """Each key as its attributes in order: name, `HASH` or `RANGE`, and the type `S` or `N`."""

    keys: Sequence[KeyPart]
    indexes: Mapping[str, Sequence[KeyPart]]

    def unindexed(self, row: Row) -> Sequence[str]:
        """Return the indexes that lack a row, since it lacks an attribute of their keys or its type."""
        return [
            index
            for index, keys in self.indexes.items()
            if not all(kind in row.get(name, {}) for name, _, kind in keys)
        ]


def schema_of(text: str) -> Schema:
    """Return the schema that JSON describes: `{"keys": [[name, role, type]], "indexes": {name: [...]}}`.

    Raises ValueError.
    """
    return msgspec.json.decode(text, type=Schema)


def keys_of(description: Mapping[str, Any]) -> Sequence[KeyPart]:
    """Return the primary key of a table as DescribeTable has it."""
    return _key(description["KeySchema"], _types(description))


def differences(expected: Schema, description: Mapping[str, Any]) -> Iterator[str]:
    """Say what a table, as DescribeTable has it, lacks or has otherwise; an index too many harms nobody.

    An index is not what it must be until it is filled, nor if it has less than whole rows
    (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GlobalSecondaryIndexDescription.html).
    """
    keys, types = keys_of(description), _types(description)
    if keys != list(expected.keys):
        yield f"the primary key is {_said(keys)}, and not {_said(expected.keys)}"
    found = {index["IndexName"]: index for index in description.get("GlobalSecondaryIndexes", ())}
    for name, wanted in expected.indexes.items():
        if name not in found:
            yield f"{name} is missing"
            continue
        index = found[name]
        if (keys := _key(index["KeySchema"], types)) != list(wanted):
            yield f"the key of {name} is {_said(keys)}, and not {_said(wanted)}"
        if index.get("IndexStatus", "ACTIVE") != "ACTIVE":
            yield f"{name} is {index['IndexStatus']}"
        if (projection := index["Projection"]["ProjectionType"]) != "ALL":
            yield f"{name} has {projection} of each row, and not ALL"


def _types(description: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the type of each attribute that a key is made of."""
    return {each["AttributeName"]: each["AttributeType"] for each in description["AttributeDefinitions"]}


def _key(parts: Sequence[Mapping[str, str]], types: Mapping[str, str]) -> Sequence[KeyPart]:
    """Return a key with the types of its attributes."""
    return [(part["AttributeName"], part["KeyType"], types.get(part["AttributeName"], "?")) for part in parts]


def _said(keys: Sequence[KeyPart]) -> str:
    """Write a key as one reads it."""
    return ", ".join(f"{name} {role} {kind}" for name, role, kind in keys) or "nothing"
