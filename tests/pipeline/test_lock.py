"""One deploy or one drill at a time, against moto's DynamoDB."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import boto3
import pytest
from moto import mock_aws
from mypy_boto3_dynamodb import DynamoDBClient

from pipeline.lock import Held, Lock

TABLE = "users-locks"


@dataclass(kw_only=True)
class Time:
    seconds: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDBClient]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "deployment", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "deployment", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


def lock(dynamodb: DynamoDBClient, holder: str, time: Time) -> Lock:
    return Lock(
        dynamodb=dynamodb, table=TABLE, deployment="beta", holder=holder, now=time.now, sleep=time.sleep
    )


def test_a_drill_is_refused_while_the_pipeline_deploys_and_told_by_whom(dynamodb: DynamoDBClient) -> None:
    time = Time()
    lock(dynamodb, "the pipeline", time).hold(minutes=60)
    with pytest.raises(Held, match="beta is held by the pipeline"):
        lock(dynamodb, "a drill", time).hold(minutes=60)


def test_a_rollback_goes_on_with_the_pipeline_s_own_lease(dynamodb: DynamoDBClient) -> None:
    time = Time()
    for _ in range(2):
        lock(dynamodb, "the pipeline", time).hold(minutes=60)
    assert time.slept == []


def test_what_is_released_is_free(dynamodb: DynamoDBClient) -> None:
    time = Time()
    lock(dynamodb, "the pipeline", time).hold(minutes=60)
    lock(dynamodb, "the pipeline", time).release()
    lock(dynamodb, "a drill", time).hold(minutes=60)


def test_nobody_releases_what_another_holds(dynamodb: DynamoDBClient) -> None:
    time = Time()
    lock(dynamodb, "a drill", time).hold(minutes=60)
    lock(dynamodb, "the pipeline", time).release()
    with pytest.raises(Held):
        lock(dynamodb, "the pipeline", time).hold(minutes=60)


def test_a_lease_whose_holder_died_ends_while_it_is_waited_for(dynamodb: DynamoDBClient) -> None:
    time = Time()
    lock(dynamodb, "a drill", time).hold(minutes=10)
    lock(dynamodb, "the pipeline", time).hold(minutes=60, wait_minutes=15)
    assert 570 <= sum(time.slept) <= 630
