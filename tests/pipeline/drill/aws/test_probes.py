"""What a drill sees of a deployment on AWS."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from pipeline.config import BETA
from pipeline.drill.attempt import ClientKind
from pipeline.drill.aws import metrics, probes
from pipeline.drill.aws.answers import Answers
from pipeline.drill.aws.probes import METRICS_LATE_S, AwsProbes, Watched, region_at, shared_name
from pipeline.drill.clock import Clock
from pipeline.drill.probes import ProbeError
from pipeline.drill.region import Region
from pipeline.drill.step import Role
from pipeline.drill.timeline import AnswerChanged, HealthChanged
from tests.pipeline.drill.aws.stubs import client, figures
from tests.pipeline.drill.aws.test_answers import NAMES, REGIONS, Internet
from tests.pipeline.drill.aws.tls import secure

ME = "arn:aws:sts::111111111111:assumed-role/driller/me"
NAME = "users.beta.example.com"
HERE, THERE = "192.0.2.1", "198.51.100.1"


class Aws:
    """Probes of a deployment with clients that answer what was recorded, and what was waited for."""

    def __init__(self) -> None:
        self.internet = Internet(
            names={NAME: [HERE], NAMES[Role.PRIMARY]: [HERE], NAMES[Role.SECONDARY]: [THERE]}
        )
        self.slept: list[float] = []
        self.stubs: dict[str, Stubber] = {}
        watched = Watched(
            me=ME,
            checks={"eu-west-1": "check-1"},
            health=self._client("cloudwatch", "health", metrics.HEALTH_REGION),
            trails=[self._client("cloudtrail", "trail")],
        )
        regions = {
            role: Region(
                role=role,
                name=name,
                table="users-beta",
                clients={"cloudwatch": self._client("cloudwatch", role.value, name)},
            )
            for role, name in REGIONS.items()
        }
        resolve = self.internet.resolve
        answers = Answers(NAMES, REGIONS, resolve=resolve, ask=self.internet.ask, clock=Clock())
        self.probes = AwsProbes(BETA, regions, watched, answers, resolve=resolve, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def _client(self, service: str, key: str, region: str = "eu-west-1") -> Any:  # noqa: ANN401 - boto3's
        made, self.stubs[key] = client(service, region)
        return made


@pytest.fixture
def aws() -> Aws:
    return Aws()


def test_a_client_is_led_to_an_address_in_the_name_that_fails_over(aws: Aws) -> None:
    async def look() -> str:
        return await (await aws.probes.lookup(ClientKind.OBEYS_TTL))()

    assert asyncio.run(look()) == f"https://{HERE}"
    assert len(aws.probes.middlewares) == 1


def test_the_region_to_which_dns_leads_is_told(aws: Aws) -> None:
    assert asyncio.run(aws.probes.answered()) is Role.PRIMARY
    aws.internet.names[NAME] = [THERE]
    assert asyncio.run(aws.probes.answered()) is Role.SECONDARY


@pytest.mark.parametrize("names", [{}, {NAME: []}, {NAME: ["203.0.113.5"]}])
def test_where_it_leads_nowhere_or_nobody_knows_where_none_is(aws: Aws, names: Mapping[str, Any]) -> None:
    aws.internet.names = dict(names)
    assert asyncio.run(aws.probes.answered()) is None


def test_the_lag_is_asked_for_in_the_region_of_the_writes_and_not_at_every_look(aws: Aws) -> None:
    aws.stubs["primary"].add_response("get_metric_data", figures((1.0, 700.0)))

    async def thrice() -> list[float | None]:
        return [await aws.probes.lag_s(Role.PRIMARY) for _ in range(3)]

    assert asyncio.run(thrice()) == [0.7] * 3
    aws.stubs["primary"].assert_no_pending_responses()


def test_the_lag_is_not_known_while_cloudwatch_does_not_answer(aws: Aws) -> None:
    aws.stubs["primary"].add_client_error("get_metric_data", "InternalServiceFault")
    assert asyncio.run(aws.probes.lag_s(Role.PRIMARY)) is None


def test_changes_are_of_health_and_of_the_answers_that_clients_got_in_order(aws: Aws) -> None:
    since = time.time() - 600
    aws.stubs["health"].add_response("get_metric_data", figures((since - 60, 1.0), (since + 60, 0.0)))

    async def follow() -> list[HealthChanged | AnswerChanged]:
        await aws.probes.answered()
        aws.internet.names[NAME] = [THERE]
        await aws.probes.answered()
        return list(await aws.probes.changes(since))

    health, first, then = asyncio.run(follow())
    assert isinstance(health, HealthChanged)
    assert (health.region, health.healthy, round(health.at - since)) == ("eu-west-1", False, 60)
    assert isinstance(first, AnswerChanged)
    assert isinstance(then, AnswerChanged)
    assert (first.region, then.region) == ("eu-west-1", "eu-central-1")
    assert aws.slept == [METRICS_LATE_S]


def test_calls_are_asked_for_when_cloudtrail_has_had_its_time(aws: Aws) -> None:
    until = time.time()
    record = {"userIdentity": {"arn": ME}, "eventSource": "fis.amazonaws.com", "eventName": "StopExperiment"}
    event = {"EventTime": datetime.fromtimestamp(until - 5, UTC), "CloudTrailEvent": json.dumps(record)}
    aws.stubs["trail"].add_response("lookup_events", {"Events": [event]})
    (call,) = asyncio.run(aws.probes.calls(until - 60, until))
    assert (call.action, call.by_drill) == ("StopExperiment", True)
    (slept,) = aws.slept
    assert 800 < slept <= 900


def test_what_cannot_be_seen_is_told_and_not_passed_over(aws: Aws) -> None:
    aws.stubs["health"].add_client_error("get_metric_data", "AccessDenied")
    aws.stubs["trail"].add_client_error("lookup_events", "AccessDenied")
    with pytest.raises(ProbeError, match="does not tell how health changed"):
        asyncio.run(aws.probes.changes(0))
    with pytest.raises(ProbeError, match="does not tell which calls were made"):
        asyncio.run(aws.probes.calls(0, 1))


def test_a_version_is_that_of_the_document_that_a_region_serves(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def document(url: str) -> dict[str, Any] | None:
        return {"info": {"version": "1.0.0"}} if "//eu-west-1.users.beta.example.com/" in url else None

    monkeypatch.setattr(probes, "_document", document)
    assert asyncio.run(aws.probes.versions()) == {Role.PRIMARY: "1.0.0"}


def test_a_deployment_without_a_name_that_fails_over_is_refused() -> None:
    with pytest.raises(ProbeError, match="beta has no domain"):
        shared_name(replace(BETA, api=replace(BETA.api, domain=None)))


def test_an_address_that_nobody_answers_at_is_of_no_region() -> None:
    assert asyncio.run(region_at("127.0.0.1:9", host=NAME)) is None


def test_an_address_whose_certificate_nobody_signed_is_of_no_region(tmp_path: Path) -> None:
    async def ask() -> str | None:
        async with secure(tmp_path, NAME, region="eu-west-1") as server:
            return await region_at(server.url.removeprefix("https://"), host=NAME)

    assert asyncio.run(ask()) is None
