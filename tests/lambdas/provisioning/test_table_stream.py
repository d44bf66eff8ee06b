"""What CloudFormation is told of a table's stream, whatever happens."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from lambdas.provisioning import table_stream
from lambdas.provisioning.table_stream import NoStream, stream_arn

REGION = "eu-central-1"


class Bucket(HTTPServer):
    """Where CloudFormation waits for the answer to a request."""

    answers: list[Any]
    content_types: list[str | None]


class Put(BaseHTTPRequestHandler):
    server: Bucket

    def do_PUT(self) -> None:
        self.server.answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.content_types.append(self.headers["Content-Type"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Bucket(("127.0.0.1", 0), Put) as server:
        server.answers, server.content_types = [], []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_REGION", REGION)
    with mock_aws(config={"core": {"passthrough": {"urls": ["http://127.0.0.1"]}}}):
        yield


def make_table(name: str, *, streams: bool) -> str:
    answer = boto3.client("dynamodb", region_name=REGION).create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        if streams
        else {"StreamEnabled": False},
    )
    return answer["TableDescription"].get("LatestStreamArn", "")


def ask(bucket: Bucket, kind: str, **more: object) -> Any:  # noqa: ANN401 - JSON
    request = {
        "RequestType": kind,
        "ResponseURL": f"http://127.0.0.1:{bucket.server_port}/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "TableStream",
        "ResourceProperties": {"TableName": "users"},
        **more,
    }
    table_stream.handler(request, None)
    (answer,) = bucket.answers
    assert bucket.content_types == [""]
    assert {key: answer.pop(key) for key in ("StackId", "RequestId", "LogicalResourceId")} == {
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "TableStream",
    }
    return answer


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_the_stream_of_the_table_here_is_the_resource(bucket: Bucket, kind: str) -> None:
    arn = make_table("users", streams=True)
    assert f":{REGION}:" in arn
    assert ask(bucket, kind, PhysicalResourceId="former") == {
        "Status": "SUCCESS",
        "PhysicalResourceId": arn,
        "Data": {"StreamArn": arn},
    }


def test_nothing_is_looked_up_to_delete_a_resource(bucket: Bucket) -> None:
    assert ask(bucket, "Delete", PhysicalResourceId="former") == {
        "Status": "SUCCESS",
        "PhysicalResourceId": "former",
    }


def test_a_table_that_is_not_there_fails_the_stack_with_a_reason(bucket: Bucket) -> None:
    assert ask(bucket, "Create") == {
        "Status": "FAILED",
        "PhysicalResourceId": "none",
        "Reason": "users cannot be described: ResourceNotFoundException.",
    }


def test_a_table_without_a_stream_fails_the_stack_with_a_reason(bucket: Bucket) -> None:
    make_table("users", streams=False)
    assert ask(bucket, "Create")["Reason"] == "users has no stream in this region."


def test_a_region_that_does_not_answer_is_a_reason_too() -> None:
    class Silent:
        def describe_table(self, *, TableName: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
            raise EndpointConnectionError(endpoint_url=TableName)

    with pytest.raises(NoStream, match=r"^users cannot be described: EndpointConnectionError\.$"):
        stream_arn(Silent(), "users")
