"""The health of a Region: its endpoint and its switch together."""

import pytest

from stacks.endpoints import ENDPOINTS
from tests.stacks.assembly import Assembly, Resource, Stack

PARTS = ("Endpoint", "Switch", "Both")


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdRouting-Routing"]


def properties(stack: Stack, part: str) -> Resource:
    (found,) = (
        each["Properties"]
        for id_, each in stack.of_type("AWS::Route53::HealthCheck").items()
        if id_.startswith(f"SecondaryHealth{part}")
    )
    assert isinstance(found, dict)
    return found


def test_the_api_is_asked_by_its_own_name_every_ten_seconds(stack: Stack) -> None:
    assert properties(stack, "Endpoint")["HealthCheckConfig"] == {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "eu-central-1.users.example.com",
        "Port": 443,
        "ResourcePath": "/health",
        "RequestInterval": 10,
        "FailureThreshold": 3,
        "EnableSNI": True,
        "MeasureLatency": False,
        "Inverted": False,
    }


def test_what_it_asks_for_is_a_route_of_the_api(stack: Stack) -> None:
    path = properties(stack, "Endpoint")["HealthCheckConfig"]["ResourcePath"]
    assert any(path in endpoint.paths for endpoint in ENDPOINTS.values())


def test_the_switch_is_in_the_other_region_and_stays_as_it_was_last_seen(stack: Stack) -> None:
    assert properties(stack, "Switch")["HealthCheckConfig"] == {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Name": "users-prod-stop-eu-central-1", "Region": "eu-west-1"},
        "InsufficientDataHealthStatus": "LastKnownStatus",
        "Inverted": False,
    }


def test_both_must_be_well(stack: Stack) -> None:
    both = properties(stack, "Both")["HealthCheckConfig"]
    assert (both["Type"], both["HealthThreshold"]) == ("CALCULATED", 2)
    children = [child["Ref"] for child in both["ChildHealthChecks"]]
    assert [id_[: id_.index("Health") + 6] for id_ in children] == ["SecondaryHealth"] * 2
    assert len(set(children)) == 2


@pytest.mark.parametrize("part", PARTS)
def test_a_console_shows_which_region_a_check_is_about(stack: Stack, part: str) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in properties(stack, part)["HealthCheckTags"]}
    assert tags["Name"] == f"users-prod eu-central-1 {part.lower()}"
    assert tags["Deployment"] == "prod"
