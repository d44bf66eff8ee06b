"""A failover record: an alias within the zone, decided by the health of its Region."""

import pytest

from tests.stacks.assembly import Assembly, Resource


@pytest.fixture(params=["A", "AAAA"])
def record(request: pytest.FixtureRequest, assembly: Assembly) -> Resource:
    (properties,) = (
        each["Properties"]
        for each in assembly.stacks["ProdRouting-Routing"].of_type("AWS::Route53::RecordSet").values()
        if (each["Properties"]["Failover"], each["Properties"]["Type"]) == ("SECONDARY", request.param)
    )
    assert isinstance(properties, dict)
    return properties


def test_is_of_the_shared_name_in_the_zone_of_the_deployment(record: Resource) -> None:
    assert (record["Name"], record["HostedZoneId"]) == ("users.example.com", "Z0PROD0PLACEHOLDER")
    assert record["SetIdentifier"] == "eu-central-1"


def test_leads_to_the_origin_of_its_region_in_the_same_zone(record: Resource) -> None:
    assert record["AliasTarget"] == {
        "DNSName": "origin-eu-central-1.users.example.com",
        "HostedZoneId": "Z0PROD0PLACEHOLDER",
        "EvaluateTargetHealth": True,
    }


def test_leaves_its_ttl_to_what_it_leads_to(record: Resource) -> None:
    assert "TTL" not in record
    assert "ResourceRecords" not in record
