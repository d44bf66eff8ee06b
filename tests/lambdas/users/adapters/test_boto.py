import socket
from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.call import NO_ANSWER, DynamoError

REGION = "eu-west-1"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.fixture
def silent_endpoint(monkeypatch: pytest.MonkeyPatch, credentials: None) -> Iterator[None]:  # noqa: ARG001
    """A DynamoDB that accepts connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield


@pytest.fixture
def closed_endpoint(monkeypatch: pytest.MonkeyPatch, credentials: None) -> None:  # noqa: ARG001
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{port}")


def one_try(read_seconds: float = 0.6) -> BotoCall:
    return BotoCall(region=REGION, connect_seconds=0.3, read_seconds=read_seconds, attempts=1)


@mock_aws
def test_an_operation_goes_by_the_name_in_its_reference() -> None:
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName="users",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
    )
    row = {"user_id": {"S": "ada"}}
    call = one_try()
    call("PutItem", {"TableName": "users", "Item": row})
    assert call("GetItem", {"TableName": "users", "Key": row})["Item"] == row


@mock_aws
def test_a_refusal_keeps_its_code() -> None:
    with pytest.raises(DynamoError) as refusal:
        one_try()("GetItem", {"TableName": "nowhere", "Key": {"user_id": {"S": "ada"}}})
    assert (refusal.value.code, refusal.value.reasons) == ("ResourceNotFoundException", ())


@mock_aws
def test_a_cancelled_transaction_keeps_a_code_for_each_of_its_items_and_the_row_that_it_met() -> None:
    call = one_try()
    with Stubber(call._client) as stub, pytest.raises(DynamoError) as refusal:
        stub.add_client_error(
            "transact_write_items",
            service_error_code="TransactionCanceledException",
            modeled_fields={
                "CancellationReasons": [
                    {"Code": "None"},
                    {"Code": "ConditionalCheckFailed", "Item": {"user_id": {"S": "ada"}}},
                    {"Code": "ConditionalCheckFailed"},
                ]
            },
        )
        call("TransactWriteItems", {"TransactItems": []})
    assert refusal.value.reasons == ("None", "ConditionalCheckFailed", "ConditionalCheckFailed")
    assert refusal.value.rows == (None, {"user_id": {"S": "ada"}}, None)


@pytest.mark.usefixtures("closed_endpoint")
def test_nobody_listening_is_no_answer() -> None:
    with pytest.raises(DynamoError) as refusal:
        one_try()("GetItem", {"TableName": "users", "Key": {}})
    assert refusal.value.code == NO_ANSWER


@pytest.mark.usefixtures("silent_endpoint")
def test_one_try_at_a_silent_endpoint_is_no_answer() -> None:
    with pytest.raises(DynamoError) as refusal:
        one_try()("GetItem", {"TableName": "users", "Key": {}})
    assert refusal.value.code == NO_ANSWER
