"""The routing stack: once for each deployment that has a domain, and last."""

from dataclasses import replace

import aws_cdk as cdk
import pytest

from pipeline.config import DEPLOYMENTS, LOCAL, Deployment
from pipeline.stage import deployment_stages
from tests.stacks.assembly import Assembly, Stack

RECORDS = {
    "PrimaryRecordA7A6B2FAC": ("PRIMARY", "A"),
    "PrimaryRecordAAAA44883BAE": ("PRIMARY", "AAAA"),
    "SecondaryRecordA196C4C7E": ("SECONDARY", "A"),
    "SecondaryRecordAAAA0533A3F4": ("SECONDARY", "AAAA"),
}
# A health check cannot change its type or its interval, so whatever is made anew must have another id.
HEALTH_CHECKS = {
    "PrimaryHealthEndpoint1883AF54": ("HTTPS", 10),
    "PrimaryHealthSwitchB977C6D6": ("CLOUDWATCH_METRIC", None),
    "PrimaryHealthBoth25D92631": ("CALCULATED", None),
    "SecondaryHealthEndpoint623ACBC3": ("HTTPS", 10),
    "SecondaryHealthSwitchB469426B": ("CLOUDWATCH_METRIC", None),
    "SecondaryHealthBothB7E62ED0": ("CALCULATED", None),
}


@pytest.fixture(params=DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def deployment(request: pytest.FixtureRequest) -> Deployment:
    assert isinstance(request.param, Deployment)
    return request.param


@pytest.fixture
def stack(assembly: Assembly, deployment: Deployment) -> Stack:
    return assembly.stacks[f"{deployment.name.title()}Routing-Routing"]


def test_is_made_in_the_primary_region(stack: Stack, deployment: Deployment) -> None:
    assert stack.environment == f"aws://{deployment.account}/{deployment.primary_region}"


def test_each_region_has_one_record_of_each_type(stack: Stack, deployment: Deployment) -> None:
    regions = {"PRIMARY": deployment.primary_region, "SECONDARY": deployment.secondary_region}
    records = {id_: each["Properties"] for id_, each in stack.of_type("AWS::Route53::RecordSet").items()}
    assert {id_: (each["Failover"], each["Type"]) for id_, each in records.items()} == RECORDS
    for each in records.values():
        assert each["SetIdentifier"] == regions[each["Failover"]]


def test_health_checks_keep_their_logical_ids_with_what_cannot_be_changed(stack: Stack) -> None:
    configs = {
        id_: each["Properties"]["HealthCheckConfig"]
        for id_, each in stack.of_type("AWS::Route53::HealthCheck").items()
    }
    assert {
        id_: (each["Type"], each.get("RequestInterval")) for id_, each in configs.items()
    } == HEALTH_CHECKS
    assert not any(each.get("MeasureLatency") for each in configs.values())


def test_a_record_has_the_health_of_its_own_region(stack: Stack) -> None:
    for id_, record in stack.of_type("AWS::Route53::RecordSet").items():
        region = id_.partition("Record")[0]
        assert record["Properties"]["HealthCheckId"]["Ref"].startswith(f"{region}HealthBoth")


def test_holds_nothing_but_records_and_health_checks(stack: Stack) -> None:
    assert set(stack.template["Resources"]) == RECORDS.keys() | HEALTH_CHECKS.keys()


def test_nothing_else_answers_to_the_shared_name(assembly: Assembly, deployment: Deployment) -> None:
    assert deployment.api.domain
    others = [
        stack.path
        for stack in assembly.stacks.values()
        for record in stack.of_type("AWS::Route53::RecordSet").values()
        if record["Properties"]["Name"].rstrip(".") == deployment.api.domain.name
        and not stack.path.endswith("/Routing")
    ]
    assert others == []


def test_without_a_domain_nothing_routes_and_nothing_stops() -> None:
    without = replace(LOCAL, api=replace(LOCAL.api, domain=None))
    stages = deployment_stages(cdk.App(), without)
    stacks = {child.node.id for stage in stages for child in stage.node.children}
    assert {"Data", "Api", "Events"} <= stacks
    assert stacks.isdisjoint({"Routing", "Switch"})
