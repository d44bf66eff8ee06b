"""What the environment says of the functions that look at backups and at what is restored from them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from lambdas.recovery.domain.schema import Schema, schema_of
from lambdas.users.settings import InvalidSettings

DEFAULT_SAMPLE = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidatorSettings:
    """What every table must be that is restored in this region.

    `history_retention` is the shortest that history rows were ever written with: a current row whose version
    is older may have none.
    """

    region: str
    schema: Schema
    least_users: int
    sample: int
    history_retention: timedelta

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the environment; raises InvalidSettings, which names the variable.

        AWS_REGION, EXPECTED_SCHEMA, LEAST_USERS, HISTORY_RETENTION_DAYS and SAMPLE, which is 10000 if absent.
        """
        return cls(
            region=region(environment),
            schema=_schema(environment, "EXPECTED_SCHEMA"),
            least_users=_number(environment, "LEAST_USERS"),
            sample=_number({"SAMPLE": str(DEFAULT_SAMPLE), **environment}, "SAMPLE"),
            history_retention=timedelta(days=_number(environment, "HISTORY_RETENTION_DAYS")),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchSettings:
    """What is watched in this region; only one region has a plan of restore tests, elsewhere it is None."""

    region: str
    vault: str
    table_name: str
    restore_test_prefix: str
    left_over_after: timedelta
    restore_testing_plan_arn: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the environment; raises InvalidSettings, which names the variable.

        AWS_REGION, VAULT, TABLE_NAME, RESTORE_TEST_PREFIX, LEFT_OVER_HOURS and, if any,
        RESTORE_TESTING_PLAN_ARN.
        """
        return cls(
            region=region(environment),
            vault=_text(environment, "VAULT"),
            table_name=_text(environment, "TABLE_NAME"),
            restore_test_prefix=_text(environment, "RESTORE_TEST_PREFIX"),
            left_over_after=timedelta(hours=_number(environment, "LEFT_OVER_HOURS")),
            restore_testing_plan_arn=environment.get("RESTORE_TESTING_PLAN_ARN") or None,
        )


def region(environment: Mapping[str, str] = os.environ) -> str:
    """Return the region of the process, AWS_REGION; raises InvalidSettings."""
    return _text(environment, "AWS_REGION")


def _text(environment: Mapping[str, str], name: str) -> str:
    """Read a variable that must not be empty."""
    value = environment.get(name)
    if not value:
        raise InvalidSettings(f"The environment variable {name} is not set.")
    return value


def _number(environment: Mapping[str, str], name: str) -> int:
    """Read a variable that must be a whole number."""
    value = _text(environment, name)
    if not (value.isascii() and value.isdigit()):
        raise InvalidSettings(f"The environment variable {name} is not a whole number.")
    return int(value)


def _schema(environment: Mapping[str, str], name: str) -> Schema:
    """Read a variable that must be a schema."""
    try:
        return schema_of(_text(environment, name))
    except ValueError as error:
        raise InvalidSettings(f"The environment variable {name} is not a schema: {error}.") from error
