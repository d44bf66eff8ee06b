import json
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from lambdas.users import bootstrap
from lambdas.users.domain.errors import RegionFenced, RepositoryUnavailable
from lambdas.users.handlers import crud
from lambdas.users.settings import InvalidSettings
from tests.lambdas.gateway import Invocation

KEY = ("user_id", "timestamp")


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    """Forget what another test wired, and what this one does."""
    bootstrap.application.cache_clear()
    yield
    bootstrap.application.cache_clear()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "nowhere")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("HISTORY_RETENTION_DAYS", "30")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Users")


@mock_aws
@pytest.mark.usefixtures("environment")
def test_a_process_is_wired_once() -> None:
    assert bootstrap.application() is bootstrap.application()


@mock_aws
@pytest.mark.usefixtures("environment")
def test_the_wiring_reaches_for_the_table_of_the_environment() -> None:
    app = bootstrap.application()
    assert app.region == "eu-west-1"
    with pytest.raises(RepositoryUnavailable):
        app.users.ping()


@mock_aws
@pytest.mark.usefixtures("environment")
def test_the_fence_is_that_of_the_region_in_the_table_of_the_environment() -> None:
    table = boto3.client("dynamodb", region_name="eu-west-1")
    table.create_table(
        TableName="nowhere",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in KEY],
        KeySchema=[
            {"AttributeName": KEY[0], "KeyType": "HASH"},
            {"AttributeName": KEY[1], "KeyType": "RANGE"},
        ],
    )
    row = {"user_id": {"S": "REGION#eu-west-1"}, "timestamp": {"S": "STATE"}, "state": {"S": "fenced"}}
    table.put_item(TableName="nowhere", Item=row)
    with pytest.raises(RegionFenced):
        bootstrap.application().fence.require_open()


@mock_aws
@pytest.mark.usefixtures("environment")
def test_the_clock_knows_its_zone_and_ids_differ() -> None:
    app = bootstrap.application()
    assert app.now().utcoffset() is not None
    assert app.new_id() != app.new_id()


@mock_aws
@pytest.mark.usefixtures("environment")
def test_the_log_is_json_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"users-{uuid4()}")
    crud.handler({"resource": "/elsewhere", "requestContext": {"requestId": "r"}}, Invocation())
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["request_id"] == "r"
    assert json.loads(line)["timestamp"].endswith("+00:00")


@pytest.mark.usefixtures("environment")
def test_a_process_without_a_variable_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_NAME")
    with pytest.raises(InvalidSettings, match="TABLE_NAME"):
        bootstrap.application()


@pytest.mark.parametrize("function", ["crud", "batch", "query"])
@pytest.mark.parametrize(("name", "wired"), [("users", "1"), (None, "0")])
@pytest.mark.usefixtures("environment")
def test_a_function_is_wired_while_it_starts_and_a_tool_that_imports_it_is_not(
    monkeypatch: pytest.MonkeyPatch, function: str, name: str | None, wired: str
) -> None:
    if name:
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", name)
    start = f"import lambdas.users.handlers.{function}"
    count = "from lambdas.users.bootstrap import application; print(application.cache_info().currsize)"
    process = subprocess.run(  # noqa: S603  # no input from outside
        [sys.executable, "-c", f"{start}; {count}"], capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == wired
