"""The engines that a repository must behave alike on: memory, moto, and an emulated Region."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.call import DynamoCall
from lambdas.users.adapters.dynamodb import DynamoUsers
from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, first_version
from lambdas.users.domain.validation import new_user
from tests.conftest import LoneRegion

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.literals import KeyTypeType
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef

REGION = "eu-west-1"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)

KEY_TYPES: tuple["KeyTypeType", "KeyTypeType"] = ("HASH", "RANGE")
INDEXES = {
    "email-index": ["email"],
    "age-index": ["shard", "age"],
    "created-index": ["shard", "created_at"],
    "name-index": ["shard", "name_key"],
}
KEY = ["user_id", "timestamp"]
NUMBERS = {"shard", "age"}

UserFactory = Callable[..., User]


def key_schema(names: list[str]) -> list["KeySchemaElementTypeDef"]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, KEY_TYPES, strict=False)]


@contextmanager
def users_table() -> Iterator[str]:
    """Create a users table, as the stack defines it, for the length of a test."""
    client = boto3.client("dynamodb", region_name=REGION)
    table = f"users-{uuid4()}"
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "N" if name in NUMBERS else "S"}
            for name in sorted({*KEY, *chain(*INDEXES.values())})
        ],
        KeySchema=key_schema(KEY),
        GlobalSecondaryIndexes=[
            {"IndexName": index, "KeySchema": key_schema(names), "Projection": {"ProjectionType": "ALL"}}
            for index, names in INDEXES.items()
        ],
    )
    client.get_waiter("table_exists").wait(TableName=table)
    yield table
    client.delete_table(TableName=table)


def one_at_a_time(call: DynamoCall) -> DynamoCall:
    """Make calls atomic, as DynamoDB's transactions are and those of moto, within one process, are not."""
    lock = Lock()

    def locked(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        with lock:
            return call(operation, request)

    return locked


def dynamo_users(table: str, call: DynamoCall) -> DynamoUsers:
    return DynamoUsers(table=table, region=REGION, retention=timedelta(days=30), call=call, probe=call)


def boto_call() -> DynamoCall:
    return BotoCall(region=REGION, connect_seconds=1, read_seconds=2, attempts=3)


@contextmanager
def memory(_request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    yield MemoryUsers()


@contextmanager
def moto(_request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    with mock_aws(), users_table() as table:
        yield dynamo_users(table, one_at_a_time(boto_call()))


@contextmanager
def emulator(request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    region: LoneRegion = request.getfixturevalue("lone_region")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", region.place.aws_url)
        environment.setenv("AWS_ACCESS_KEY_ID", "000000000000")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "local")
        with users_table() as table:
            yield dynamo_users(table, boto_call())


@pytest.fixture(params=[memory, moto, emulator], ids=lambda engine: engine.__name__)
def repository(request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    """An empty repository of each engine in turn."""
    with request.param(request) as users:
        yield users


@pytest.fixture
def made() -> UserFactory:
    """Users at their first version, from the fields that a test is about."""

    def make(user_id: str, **fields: object) -> User:
        new = new_user({"name": "Ada Lovelace", "email": f"{user_id}@example.com", **fields})
        return first_version(new, user_id=user_id, at=NOON, region=REGION)

    return make
