from datetime import timedelta

import pytest

from lambdas.recovery.domain.schema import schema_of
from lambdas.recovery.settings import ValidatorSettings, WatchSettings
from lambdas.users.settings import InvalidSettings
from tests.lambdas.recovery.shelf import SCHEMA
from tests.lambdas.recovery.watching import WATCH

VALIDATOR = {
    "AWS_REGION": "eu-west-1",
    "EXPECTED_SCHEMA": SCHEMA,
    "LEAST_USERS": "0",
    "HISTORY_RETENTION_DAYS": "30",
}


def test_the_validator_is_told_what_to_expect() -> None:
    assert ValidatorSettings.from_environment({**VALIDATOR, "SAMPLE": "7"}) == ValidatorSettings(
        region="eu-west-1",
        schema=schema_of(SCHEMA),
        least_users=0,
        sample=7,
        history_retention=timedelta(days=30),
    )


def test_ten_thousand_users_are_sampled_unless_told_otherwise() -> None:
    assert ValidatorSettings.from_environment(VALIDATOR).sample == 10_000


def test_the_watch_is_told_what_to_watch() -> None:
    assert WatchSettings.from_environment({**WATCH, "RESTORE_TESTING_PLAN_ARN": "arn"}) == WatchSettings(
        region="eu-west-1",
        vault="users-vault",
        table_name="users",
        restore_test_prefix="awsbackup-restore-test-",
        left_over_after=timedelta(hours=24),
        restore_testing_plan_arn="arn",
    )


@pytest.mark.parametrize("environment", [WATCH, {**WATCH, "RESTORE_TESTING_PLAN_ARN": ""}])
def test_a_region_may_have_no_plan_of_restore_tests(environment: dict[str, str]) -> None:
    assert WatchSettings.from_environment(environment).restore_testing_plan_arn is None


@pytest.mark.parametrize("name", VALIDATOR)
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_a_variable_that_the_validator_lacks_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in {**VALIDATOR, name: value}.items() if text is not None}
    with pytest.raises(InvalidSettings, match=f"^The environment variable {name} is not set.$"):
        ValidatorSettings.from_environment(environment)


@pytest.mark.parametrize("name", WATCH)
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_a_variable_that_the_watch_lacks_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in {**WATCH, name: value}.items() if text is not None}
    with pytest.raises(InvalidSettings, match=f"^The environment variable {name} is not set.$"):
        WatchSettings.from_environment(environment)


@pytest.mark.parametrize("name", ["LEAST_USERS", "SAMPLE", "HISTORY_RETENTION_DAYS"])
@pytest.mark.parametrize("value", ["many", "-1", "1.5", "٣"])
def test_what_is_no_number_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=f"{name} is not a whole number"):
        ValidatorSettings.from_environment({**VALIDATOR, name: value})


def test_what_is_no_schema_is_named() -> None:
    with pytest.raises(InvalidSettings, match=r"^The environment variable EXPECTED_SCHEMA is not a schema: "):
        ValidatorSettings.from_environment({**VALIDATOR, "EXPECTED_SCHEMA": "{}"})
