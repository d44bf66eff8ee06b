"""The engines that a repository must behave alike on: memory, moto, and an emulated Region."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table as MotoTable

from lambdas.users.adapters.boto import BotoCall
from lambdas.users.adapters.call import DynamoCall
from lambdas.users.adapters.dynamodb import DynamoUsers
from lambdas.users.adapters.memory import MemoryUsers
from lambdas.users.domain.repository import UserRepository
from lambdas.users.domain.user import User, first_version, next_version
from lambdas.users.domain.validation import changed_profile, new_user
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
STEP_ASIDE_SECONDS = 0.0005

UserFactory = Callable[..., User]


@dataclass(frozen=True)
class DynamoEngine:
    """A repository with the way into its table, for what the years or another region would do to rows."""

    users: DynamoUsers
    call: DynamoCall
    table: str

    def forget(self, user_id: str, timestamp: str) -> None:
        """Remove a row, as its expiry would."""
        key = {"user_id": {"S": user_id}, "timestamp": {"S": timestamp}}
        self.call("DeleteItem", {"TableName": self.table, "Key": key})

    def replicate(self, row: Mapping[str, Any]) -> None:
        """Write a row, as replication from another region would."""
        self.call("PutItem", {"TableName": self.table, "Item": row})

    def rows(self) -> list[dict[str, Any]]:
        """Read all that is kept."""
        rows: list[dict[str, Any]] = self.call("Scan", {"TableName": self.table})["Items"]
        return rows


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


def copy_rows_only(table: MotoTable, _memo: object) -> MotoTable:
    """Copy a table of moto's in time to its rows: it makes a copy for each item of a transaction.

    The rows themselves may be shared, since a put makes a new one, and nothing here updates one in place.
    """
    other = copy(table)
    other.items = defaultdict(table.items.default_factory)
    other.items.update({partition: copy(rows) for partition, rows in table.items.items()})
    return other


@contextmanager
def memory(_request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    yield MemoryUsers()


@contextmanager
def moto_engine(_request: pytest.FixtureRequest) -> Iterator[DynamoEngine]:
    with pytest.MonkeyPatch.context() as patches, mock_aws(), users_table() as table:
        patches.setattr(MotoTable, "__deepcopy__", copy_rows_only, raising=False)
        call = one_at_a_time(boto_call())
        yield DynamoEngine(dynamo_users(table, call), call, table)


@contextmanager
def emulator_engine(request: pytest.FixtureRequest) -> Iterator[DynamoEngine]:
    region: LoneRegion = request.getfixturevalue("lone_region")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL_DYNAMODB", region.place.aws_url)
        environment.setenv("AWS_ACCESS_KEY_ID", "000000000000")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "local")
        with users_table() as table:
            call = boto_call()
            yield DynamoEngine(dynamo_users(table, call), call, table)


@contextmanager
def moto(request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    with moto_engine(request) as engine:
        yield engine.users


@contextmanager
def emulator(request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    with emulator_engine(request) as engine:
        yield engine.users


@pytest.fixture(params=[memory, moto, emulator], ids=lambda engine: engine.__name__)
def repository(request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    """An empty repository of each engine in turn."""
    with request.param(request) as users:
        yield users


@pytest.fixture(params=[moto_engine, emulator_engine], ids=["moto", "emulator"])
def engine(request: pytest.FixtureRequest) -> Iterator[DynamoEngine]:
    """An empty repository of each engine that speaks DynamoDB."""
    with request.param(request) as engine:
        yield engine


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Iterator[UserRepository]:
    """An empty repository beside the one that a test is about, as another region would be."""
    with emulator(request) as users:
        yield users


@pytest.fixture
def made() -> UserFactory:
    """Users at their first version, from the fields that a test is about."""

    def make(user_id: str, *, at: datetime = NOON, region: str = REGION, **fields: object) -> User:
        new = new_user({"name": "Ada Lovelace", "email": f"{user_id}@example.com", **fields})
        return first_version(new, user_id=user_id, at=at, region=region)

    return make


@pytest.fixture
def changed() -> UserFactory:
    """The next versions of users, with the fields that a test is about."""

    def change(user: User, *, at: datetime = NOON, region: str = REGION, **fields: object) -> User:
        return next_version(user, changed_profile(user.profile, fields), at=at, region=region)

    return change


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Let other threads run before every line of ours, so that no engine is atomic by the grace of Python."""

    def before_each_line(frame: FrameType, _event: str, _argument: object) -> Any:  # noqa: ANN401  # itself
        if "lambdas" not in Path(frame.f_code.co_filename).parts:
            return None
        time.sleep(STEP_ASIDE_SECONDS)
        return before_each_line

    before = threading.gettrace()
    threading.settrace(before_each_line)
    yield
    threading.settrace(before)
