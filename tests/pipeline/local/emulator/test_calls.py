"""A Region's process tells which calls it took, and fails those of DynamoDB while it is told to."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pipeline.local import control
from pipeline.local.errors import LocalError
from pipeline.local.layout import RegionPlace
from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import session

DEFINITION: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def client(region: LoneRegion, service: str, agent: str) -> Any:  # noqa: ANN401 - made at run time
    config = Config(user_agent_extra=agent, retries={"total_max_attempts": 1})
    found: Any = session(region.place.name)
    return found.client(service, endpoint_url=region.place.aws_url, config=config)


def get(region: LoneRegion, call: str) -> dict[str, Any]:
    answer = httpx.get(f"{region.place.aws_url}/_local/{call}", trust_env=False)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def calls_of(region: LoneRegion, agent: str, since: float = 0) -> list[tuple[str, str]]:
    found = get(region, f"calls?since={since}&until={time.time()}")["calls"]
    return [(call["service"], call["action"]) for call in found if agent in call["agent"]]


def test_calls_of_every_protocol_are_told(lone_region: LoneRegion) -> None:
    agent = f"agent-{uuid4().hex}"
    client(lone_region, "dynamodb", agent).list_tables()
    client(lone_region, "sts", agent).get_caller_identity()
    data = [{"MetricName": "Calls", "Value": 1}]
    client(lone_region, "cloudwatch", agent).put_metric_data(Namespace="Tests", MetricData=data)
    client(lone_region, "route53", agent).list_health_checks()
    client(lone_region, "lambda", agent).list_functions()
    client(lone_region, "cloudformation", agent).list_stacks()
    assert calls_of(lone_region, agent) == [
        ("dynamodb", "ListTables"),
        ("sts", "GetCallerIdentity"),
        ("monitoring", "PutMetricData"),
        ("route53", "ListHealthChecks"),
        ("lambda", "ListFunctions"),
        ("cloudformation", "ListStacks"),
    ]


def test_calls_are_told_from_a_time_on_and_until_another(lone_region: LoneRegion) -> None:
    agent = f"agent-{uuid4().hex}"
    dynamodb = client(lone_region, "dynamodb", agent)
    dynamodb.list_tables()
    between = time.time()
    dynamodb.describe_limits()
    assert calls_of(lone_region, agent, since=between) == [("dynamodb", "DescribeLimits")]
    assert get(lone_region, "calls")["complete_since"] < between


def test_a_time_that_is_none_is_refused(lone_region: LoneRegion) -> None:
    answer = httpx.get(f"{lone_region.place.aws_url}/_local/calls?since=today", trust_env=False)
    assert answer.status_code == 400


def test_a_table_is_kept_from_whoever_asks_and_given_back(lone_region: LoneRegion) -> None:
    dynamodb, name = client(lone_region, "dynamodb", "tests"), f"table-{uuid4().hex}"
    dynamodb.create_table(TableName=name, **DEFINITION)
    dynamodb.put_item(TableName=name, Item={"id": {"S": "before"}})
    control.set_table(lone_region.place, reachable=False)
    try:
        assert get(lone_region, "faults") == {"table": "unreachable"}
        with pytest.raises(ClientError) as failed:
            dynamodb.put_item(TableName=name, Item={"id": {"S": "during"}})
        assert failed.value.response["Error"]["Code"] == "InternalServerError"
        assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        client(lone_region, "sts", "tests").get_caller_identity()
        assert get(lone_region, "changes?journal=&after=0&reader=peer&wait=0")["journal"]
    finally:
        control.set_table(lone_region.place, reachable=True)
    assert get(lone_region, "faults") == {"table": None}
    assert [item["id"]["S"] for item in dynamodb.scan(TableName=name)["Items"]] == ["before"]


@pytest.mark.parametrize("body", ["[]", "{}", '{"table": "gone"}', '{"table": null, "more": 1}', "{"])
def test_other_faults_are_refused(lone_region: LoneRegion, body: str) -> None:
    answer = httpx.post(f"{lone_region.place.aws_url}/_local/faults", content=body, trust_env=False)
    assert answer.status_code == 400
    assert get(lone_region, "faults") == {"table": None}


def test_a_region_that_is_not_there_cannot_be_told() -> None:
    place = RegionPlace(role="primary", name="eu-west-1", aws_port=9, api_port=9)
    with pytest.raises(LocalError, match="The primary Region did not answer to faults"):
        control.set_table(place, reachable=True)
