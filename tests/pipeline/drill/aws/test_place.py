"""A deployment on AWS as a place: what is looked at first, and which are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from pipeline.config import BETA, PROD
from pipeline.drill.aws.place import LIMITS, aws_place
from pipeline.drill.faults import FaultError
from pipeline.drill.probes import ProbeError
from pipeline.drill.step import Role
from tests.pipeline.drill.aws.stubs import client

NAME = "users.beta.example.com"


def record(region: str, *, name: str = f"{NAME}.", check: str | None = "check") -> dict[str, Any]:
    checked = {"HealthCheckId": check} if check else {}
    return {"Name": name, "Type": "A", "SetIdentifier": region, **checked}


class Account:
    """Makes clients, and notes for which services and Regions; `sts` and `route53` answer."""

    def __init__(self, *records: dict[str, Any], account: str = BETA.account) -> None:
        self.made: list[tuple[str, str]] = []
        self.stubs: dict[str, Stubber] = {}
        self._account = account
        self._records = list(records)

    def connect(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3's
        self.made.append((service, region))
        found, stub = client(service, region)
        if service == "sts":
            stub.add_response(
                "get_caller_identity",
                {"Account": self._account, "Arn": "arn:aws:sts::111111111111:assumed-role/me/x"},
            )
        if service == "route53":
            asked = {
                "HostedZoneId": "Z0BETA0PLACEHOLDER",
                "StartRecordName": NAME,
                "StartRecordType": "A",
                "MaxItems": "2",
            }
            answer = {"ResourceRecordSets": self._records, "IsTruncated": False, "MaxItems": "2"}
            stub.add_response("list_resource_record_sets", answer, asked)
        self.stubs[service] = stub
        return found


def test_a_deployment_is_a_place_in_both_its_regions_at_real_time() -> None:
    account = Account(record("eu-west-1"), record("eu-central-1"))
    place = aws_place(BETA, connect=account.connect)
    assert {role: region.name for role, region in place.regions.items()} == {
        Role.PRIMARY: "eu-west-1",
        Role.SECONDARY: "eu-central-1",
    }
    assert (place.time_scale, place.allowance_s, place.limits) == (1.0, 0.0, LIMITS)
    assert "Not yet run on AWS" in LIMITS[0]
    for region in place.regions.values():
        assert set(region.clients) >= {"dynamodb", "cloudwatch", "fis", "lambda"}


def test_health_is_read_where_it_is_and_calls_wherever_they_are_logged() -> None:
    account = Account(record("eu-west-1"), record("eu-central-1"))
    aws_place(BETA, connect=account.connect)
    assert ("cloudwatch", "us-east-1") in account.made
    assert {region for service, region in account.made if service == "cloudtrail"} == {
        "eu-west-1",
        "eu-central-1",
        "us-east-1",
    }


@pytest.mark.parametrize(
    ("records", "missing"),
    [
        ([record("eu-west-1")], "eu-central-1"),
        ([record("eu-west-1"), record("eu-central-1", check=None)], "eu-central-1"),
        ([record("eu-west-1", name="other."), record("eu-central-1")], "eu-west-1"),
        ([], "eu-central-1, eu-west-1"),
    ],
)
def test_without_a_health_check_of_each_region_there_is_no_drill(
    records: list[dict[str, Any]], missing: str
) -> None:
    with pytest.raises(FaultError, match=f"no record with a health check for {missing}"):
        aws_place(BETA, connect=Account(*records).connect)


def test_credentials_of_another_account_are_refused() -> None:
    with pytest.raises(FaultError, match="are of account 222222222222, and beta is in 111111111111"):
        aws_place(BETA, connect=Account(account="222222222222").connect)


def test_a_deployment_that_is_not_to_be_drilled_is_refused_before_any_call() -> None:
    account = Account()
    with pytest.raises(FaultError, match="prod is not to be drilled on AWS"):
        aws_place(PROD, connect=account.connect)
    assert account.made == []


def test_time_cannot_be_made_faster() -> None:
    with pytest.raises(FaultError, match="one scale, 1, and not 10"):
        aws_place(BETA, time_scale=10, connect=Account().connect)


def test_without_a_domain_there_is_nothing_to_drill() -> None:
    with pytest.raises(ProbeError, match="beta has no domain"):
        aws_place(replace(BETA, api=replace(BETA.api, domain=None)), connect=Account().connect)


def test_an_account_that_does_not_answer_is_told() -> None:
    def refuse(service: str, region: str) -> Any:  # noqa: ANN401 - boto3's
        found, stub = client(service, region)
        if service == "sts":
            stub.add_client_error("get_caller_identity", "ExpiredToken")
        return found

    with pytest.raises(FaultError, match=r"cannot be looked at on AWS .*ExpiredToken"):
        aws_place(BETA, connect=refuse)
