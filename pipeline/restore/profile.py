"""The profile of a user as a request has it: what is not there is null, which removes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.drill.profile import FIELDS

Fields = Mapping[str, str | int | None]


def profile_of(row: Mapping[str, Mapping[str, Any]]) -> Fields:
    """Return every field of the profile in a current row, which is DynamoDB's JSON."""
    return {name: _value(row, name) for name in FIELDS}


def of_version(version: Mapping[str, Any]) -> Fields:
    """Return every field of the profile in a version of the API's history."""
    return {name: version.get(name) for name in FIELDS}


def _value(row: Mapping[str, Mapping[str, Any]], name: str) -> str | int | None:
    if name not in row:
        return None
    return int(row[name]["N"]) if "N" in row[name] else str(row[name]["S"])
