"""What the environment of a function says; no other module reads it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self


class InvalidSettings(Exception):
    """The function is deployed without a variable that it needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The regional table, the region that serves it, and how long a version is kept."""

    table_name: str
    region: str
    history_retention: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read TABLE_NAME, AWS_REGION and HISTORY_RETENTION_DAYS.

        Raises InvalidSettings, which names the first variable that is missing or is not what it must be.
        """
        return cls(
            table_name=_text(environment, "TABLE_NAME"),
            region=_text(environment, "AWS_REGION"),
            history_retention=timedelta(days=_count(environment, "HISTORY_RETENTION_DAYS")),
        )


def _text(environment: Mapping[str, str], name: str) -> str:
    """Read a variable that must not be empty."""
    value = environment.get(name)
    if not value:
        raise InvalidSettings(f"The environment variable {name} is not set.")
    return value


def _count(environment: Mapping[str, str], name: str) -> int:
    """Read a variable that must be a whole number above zero."""
    value = _text(environment, name)
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise InvalidSettings(f"The environment variable {name} is not a whole number above zero.")
    return int(value)
