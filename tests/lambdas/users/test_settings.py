from datetime import timedelta

import pytest

from lambdas.users.settings import InvalidSettings, Settings, in_lambda

ENVIRONMENT = {
    "TABLE_NAME": "users",
    "AWS_REGION": "eu-west-1",
    "HISTORY_RETENTION_DAYS": "30",
    "POWERTOOLS_METRICS_NAMESPACE": "Users",
}


def test_settings_come_from_the_environment() -> None:
    assert Settings.from_environment(ENVIRONMENT) == Settings(
        table_name="users",
        region="eu-west-1",
        history_retention=timedelta(days=30),
        metrics_namespace="Users",
    )


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", [None, ""], ids=["absent", "empty"])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in {**ENVIRONMENT, name: value}.items() if text is not None}
    with pytest.raises(InvalidSettings, match=f"^The environment variable {name} is not set.$"):
        Settings.from_environment(environment)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "1.5", "٣", " 7"])
def test_a_retention_that_is_no_number_of_days_is_named(value: str) -> None:
    with pytest.raises(InvalidSettings, match="HISTORY_RETENTION_DAYS is not a whole number"):
        Settings.from_environment({**ENVIRONMENT, "HISTORY_RETENTION_DAYS": value})


def test_a_function_knows_that_it_is_one() -> None:
    assert in_lambda({"AWS_LAMBDA_FUNCTION_NAME": "users"})
    assert not in_lambda({})
