"""Whoever listens in a Region hears of each change that was made there, once, and of nobody's profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import httpx
import pytest

from pipeline.local.layout import RegionPlace
from tests.e2e.platform import Platform
from tests.waiting import eventually

pytestmark = pytest.mark.e2e


class Listener:
    """A queue that a rule on one Region's bus fills with every event."""

    def __init__(self, region: RegionPlace, stage: str) -> None:
        self._region, self._name = region, f"listener-{uuid4().hex[:8]}"
        stack = self._client("cloudformation").describe_stacks(StackName=f"{stage}-Events")["Stacks"][0]
        self._bus = stack["Outputs"][0]["OutputValue"].rpartition("/")[2]
        self._queue = self._client("sqs").create_queue(QueueName=self._name)["QueueUrl"]
        rule = {"EventBusName": self._bus, "Name": self._name, "EventPattern": '{"source": ["users"]}'}
        self._client("events").put_rule(**rule)
        target = {"Id": "queue", "Arn": f"arn:aws:sqs:{region.name}:000000000000:{self._name}"}
        self._client("events").put_targets(Rule=self._name, EventBusName=self._bus, Targets=[target])
        self.heard: list[Any] = []

    def of(self, user_id: str) -> list[str]:
        """What was heard so far of a user."""
        while messages := self._client("sqs").receive_message(QueueUrl=self._queue).get("Messages"):
            for message in messages:
                self._client("sqs").delete_message(
                    QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"]
                )
                self.heard.append(json.loads(message["Body"]))
        return [event["detail-type"] for event in self.heard if event["detail"]["user_id"] == user_id]

    def leave(self) -> None:
        """Take the rule and the queue away."""
        self._client("events").remove_targets(Rule=self._name, EventBusName=self._bus, Ids=["queue"])
        self._client("events").delete_rule(Name=self._name, EventBusName=self._bus)
        self._client("sqs").delete_queue(QueueUrl=self._queue)

    def _client(self, service: str) -> Any:  # noqa: ANN401 - its methods are made at run time
        session = boto3.Session("000000000000", "local", region_name=self._region.name)
        return session.client(service, endpoint_url=self._region.aws_url)  # type: ignore[call-overload]


@pytest.fixture
def listeners(platform: Platform) -> Iterator[dict[str, Listener]]:
    regions = {region.role: region for region in platform.layout.regions}
    listening = {role: Listener(region, f"Local{role.title()}") for role, region in regions.items()}
    yield listening
    for listener in listening.values():
        listener.leave()


def test_each_change_is_told_once_in_the_region_that_took_it(
    platform: Platform, listeners: dict[str, Listener], http: httpx.Client
) -> None:
    primary, secondary = platform.layout.regions
    user_id = uuid4().hex
    user = {"user_id": user_id, "name": "Ada Lovelace", "email": f"{user_id}@example.com"}
    assert http.post(f"{primary.api_url}/users", json=user).status_code == 201
    eventually(lambda: http.get(f"{secondary.api_url}/users/{user_id}").is_success)
    assert http.put(f"{secondary.api_url}/users/{user_id}", json={"age": 37}).status_code == 200
    eventually(lambda: http.get(f"{primary.api_url}/users/{user_id}").json()["user"]["age"] == 37)
    assert http.delete(f"{primary.api_url}/users/{user_id}").status_code == 200

    eventually(lambda: listeners["primary"].of(user_id) == ["user.created", "user.deleted"])
    eventually(lambda: listeners["secondary"].of(user_id) == ["user.updated"])
    heard = json.dumps([event for listener in listeners.values() for event in listener.heard])
    assert "Lovelace" not in heard
    assert "@example.com" not in heard


def test_a_path_that_is_not_there_is_a_problem(platform: Platform, http: httpx.Client) -> None:
    answer = http.get(f"{platform.layout.primary.api_url}/nowhere")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    assert answer.headers["X-Region"] == platform.layout.primary.name
