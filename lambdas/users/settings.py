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
    """The regional table, the region that serves it, how long a version is kept, and where metrics go."""

    table_name: str
    region: str
    history_retention: timedelta
    metrics_namespace: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read TABLE_NAME, AWS_REGION, HISTORY_RETENTION_DAYS and POWERTOOLS_METRICS_NAMESPACE.

        Raises InvalidSettings, which names the first variable that is missing or is not what it must be.
        """
        return cls(
            table_name=_text(environment, "TABLE_NAME"),
            region=_text(environment, "AWS_REGION"),
            history_retention=timedelta(days=_count(environment, "HISTORY_RETENTION_DAYS")),
            metrics_namespace=_text(environment, "POWERTOOLS_METRICS_NAMESPACE"),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamSettings:
    """The bus to which the changes of a region are told."""

    event_bus_name: str
    region: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read EVENT_BUS_NAME and AWS_REGION; raises InvalidSettings, which names one that is missing."""
        return cls(
            event_bus_name=_text(environment, "EVENT_BUS_NAME"), region=_text(environment, "AWS_REGION")
        )


def in_lambda(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether this process is a Lambda function, and not a test or a tool that looks at one."""
    return "AWS_LAMBDA_FUNCTION_NAME" in environment


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
