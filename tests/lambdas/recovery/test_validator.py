"""How long a table may be read, and what the environment makes of the validator."""

import pytest

from lambdas.recovery import bootstrap
from lambdas.recovery.validator import reading_seconds
from tests.lambdas.recovery.restoring import Context
from tests.lambdas.recovery.shelf import SCHEMA


@pytest.mark.parametrize(("remaining", "reading"), [(900, 660), (480, 240), (60, 30), (0, 0)])
def test_reading_leaves_time_to_tell(remaining: float, reading: float) -> None:
    assert reading_seconds(Context(remaining)) == reading


def test_without_a_limit_reading_ends_too() -> None:
    assert reading_seconds(None) == 600


def test_the_environment_makes_a_validator(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"AWS_REGION": "eu-west-1", "EXPECTED_SCHEMA": SCHEMA, "LEAST_USERS": "5"}
    environment |= {"HISTORY_RETENTION_DAYS": "30", "SAMPLE": "7"}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        environment[name] = "x"
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    bootstrap.validator.cache_clear()
    validator = bootstrap.validator()
    assert (validator.expectation.least_users, validator.expectation.sample) == (5, 7)
    assert validator.table("users-restored").name == "users-restored"
    bootstrap.validator.cache_clear()
