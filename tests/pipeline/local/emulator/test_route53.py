"""The owner's zone is there before anything is deployed, and keeps what stacks put into it as they put it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack

NAME = "users.local.example."


@pytest.fixture
def stack(lone_region: LoneRegion) -> Stack:
    return Stack(lone_region)


@pytest.fixture
def zone(lone_region: LoneRegion) -> str:
    domain = lone_region.layout.deployment.api.domain
    assert domain is not None
    return domain.hosted_zone_id


def failover(zone: str, role: str, region: str, **differently: object) -> dict[str, Any]:
    alias = {"DNSName": f"origin-{region}.{NAME}", "HostedZoneId": zone, "EvaluateTargetHealth": True}
    properties = {
        "HostedZoneId": zone,
        "Name": NAME,
        "Type": "A",
        "SetIdentifier": region,
        "Failover": role,
        "HealthCheckId": f"check-{region}",
        "AliasTarget": alias,
    }
    return {"Type": "AWS::Route53::RecordSet", "Properties": {**properties, **differently}}


def records(stack: Stack, zone: str) -> list[dict[str, Any]]:
    found = stack.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [record for record in found if record["Type"] not in {"SOA", "NS"}]


def test_the_zone_of_the_configuration_is_there_with_its_id(stack: Stack, zone: str) -> None:
    found = stack.client("route53").get_hosted_zone(Id=zone)["HostedZone"]
    assert (found["Id"], found["Name"]) == (f"/hostedzone/{zone}", "local.example.")


def test_failover_aliases_keep_all_that_they_say_and_outlive_a_restart(
    lone_region: LoneRegion, stack: Stack, zone: str
) -> None:
    resources = {
        "First": failover(zone, "PRIMARY", "eu-west-1"),
        "Second": failover(zone, "SECONDARY", "eu-central-1"),
    }
    assert stack.create(resources) == "CREATE_COMPLETE"
    expected = [
        {**{k: v for k, v in resource["Properties"].items() if k != "HostedZoneId"}}
        for resource in (resources["Second"], resources["First"])
    ]
    assert records(stack, zone) == expected
    lone_region.stop()
    lone_region.start()
    assert records(stack, zone) == expected
    assert stack.delete() == "DELETE_COMPLETE"
    assert records(stack, zone) == []


def test_a_record_with_another_identifier_leaves_none_behind(stack: Stack, zone: str) -> None:
    stack.create({"One": failover(zone, "PRIMARY", "eu-west-1")})
    assert stack.update({"One": failover(zone, "PRIMARY", "eu-north-1")}) == "UPDATE_COMPLETE"
    assert [record["SetIdentifier"] for record in records(stack, zone)] == ["eu-north-1"]
    assert stack.update({"One": failover(zone, "PRIMARY", "eu-north-1", Type="AAAA")}) == "UPDATE_COMPLETE"
    assert [record["Type"] for record in records(stack, zone)] == ["AAAA"]
    stack.delete()


def test_a_record_in_a_zone_that_is_not_there_fails_the_stack(stack: Stack) -> None:
    assert stack.create({"One": failover("Z0OTHER", "PRIMARY", "eu-west-1")}) == "ROLLBACK_COMPLETE"
    assert "No hosted zone with id 'Z0OTHER'" in stack.reasons()


def test_a_custom_domain_says_where_its_aliases_lead(stack: Stack, lone_region: LoneRegion) -> None:
    name = f"{stack.name}.{NAME}".rstrip(".")
    properties = {"DomainName": name, "EndpointConfiguration": {"Types": ["REGIONAL"]}}
    attributes = ("RegionalDomainName", "RegionalHostedZoneId")
    stack.create(
        {"One": {"Type": "AWS::ApiGateway::DomainName", "Properties": properties}},
        {attribute: {"Fn::GetAtt": ["One", attribute]} for attribute in attributes},
    )
    found = stack.client("apigateway").get_domain_name(domainName=name)
    assert stack.outputs() == {
        "RegionalDomainName": found["regionalDomainName"],
        "RegionalHostedZoneId": found["regionalHostedZoneId"],
    }
    assert lone_region.place.name in found["regionalDomainName"]
    stack.delete()
