"""Tells CloudFormation which stream a table has in this region.

Each replica's stream has a label of its own, made when it was enabled; no attribute of the global table and
no ARN that can be composed names it, so a stack in a replica's region has to ask.
"""

import os
from collections.abc import Mapping
from typing import Any, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from lambdas.provisioning.answer import Request, send


class DescribesTables(Protocol):
    """The part of botocore's DynamoDB client that is used."""

    def describe_table(self, *, TableName: str) -> Mapping[str, Any]:  # noqa: N803 - AWS's name
        """Describe the replica of a table in the client's region."""


class NoStream(Exception):
    """The table cannot be read, or has no stream; the text says which."""


def handler(request: Request, _context: object) -> None:
    """Answer one request of a custom resource, a refusal included: without an answer the stack would wait.

    Its physical id is the stream's ARN, so that a table with another stream is another resource
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html).
    """
    try:
        send(request, _outcome(request, _client()))
    except NoStream as reason:
        send(request, {"Status": "FAILED", "Reason": str(reason)})


def stream_arn(client: DescribesTables, table_name: str) -> str:
    """Return the ARN of a table's stream; raises NoStream."""
    try:
        table = client.describe_table(TableName=table_name)["Table"]
    except ClientError as error:
        raise NoStream(f"{table_name} cannot be described: {error.response['Error']['Code']}.") from error
    except BotoCoreError as error:
        raise NoStream(f"{table_name} cannot be described: {type(error).__name__}.") from error
    if "LatestStreamArn" not in table:
        raise NoStream(f"{table_name} has no stream in this region.")
    return str(table["LatestStreamArn"])


def _outcome(request: Request, client: DescribesTables) -> dict[str, object]:
    """Look the stream up, but not to delete a resource that is nothing but an answer."""
    if request["RequestType"] == "Delete":
        return {"Status": "SUCCESS"}
    arn = stream_arn(client, request["ResourceProperties"]["TableName"])
    return {"Status": "SUCCESS", "PhysicalResourceId": arn, "Data": {"StreamArn": arn}}


def _client() -> DescribesTables:
    """Make the client; a resource is provisioned too seldom to keep one."""
    client = get_session().create_client("dynamodb", region_name=os.environ["AWS_REGION"])
    return cast(DescribesTables, client)  # botocore makes its methods at run time
