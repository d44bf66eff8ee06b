"""A failover, walked through the templates: which calls it takes, and that all they need is there before."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from pipeline import runbook
from pipeline.config import DEPLOYMENTS, PROD, Deployment
from pipeline.runbook import Call
from stacks.domain import Domain
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.failover import call_faults, routing_faults, stops

NOW = "2030-01-01T12:00:00Z"
PRIMARY = PROD.primary_region
DOMAIN = Domain(hosted_zone_id="Z0PROD0PLACEHOLDER", hosted_zone_name="example.com", name="users.example.com")

Change = Callable[[Any], None]


@pytest.fixture(params=DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def deployment(request: pytest.FixtureRequest) -> Deployment:
    assert isinstance(request.param, Deployment)
    return request.param


@pytest.fixture
def stacks(assembly: Assembly, deployment: Deployment) -> Sequence[Stack]:
    return of(assembly, deployment)


@pytest.fixture
def prod(assembly: Assembly) -> Sequence[Stack]:
    return of(assembly, PROD)


def of(assembly: Assembly, deployment: Deployment) -> Sequence[Stack]:
    return [stack for stack in assembly.stacks.values() if stack.path.startswith(deployment.name.title())]


def test_all_that_a_failover_needs_is_there_before(stacks: Sequence[Stack], deployment: Deployment) -> None:
    assert routing_faults(deployment, stacks) == []


def test_a_failover_calls_data_planes_of_regions_that_answer(
    stacks: Sequence[Stack], deployment: Deployment
) -> None:
    assert call_faults(deployment, runbook.calls(deployment, at=NOW), stacks) == []


def test_one_call_to_the_other_region_stops_a_region_and_the_runbook_has_it(
    stacks: Sequence[Stack], deployment: Deployment
) -> None:
    assert deployment.api.domain
    for region, other in (
        (deployment.primary_region, deployment.secondary_region),
        (deployment.secondary_region, deployment.primary_region),
    ):
        ((right, where, datum),) = stops(stacks, deployment.api.domain, region)
        assert where == other
        call = runbook.stop(deployment, region)
        assert (call.right, call.region) == (right, where)
        (sent,) = call.parameters["MetricData"]
        assert sent | {"Dimensions": {each["Name"]: each["Value"] for each in sent["Dimensions"]}} == datum


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"service": "route53", "action": "ChangeResourceRecordSets"},
            f"stop {PRIMARY} needs route53:ChangeResourceRecordSets, which is not of a data plane.",
        ),
        (
            {"service": "cloudwatch", "action": "SetAlarmState"},
            f"stop {PRIMARY} needs cloudwatch:SetAlarmState, which is not of a data plane.",
        ),
        ({"region": PRIMARY}, f"stop {PRIMARY} calls the Region that it is about."),
        ({"region": "us-east-1"}, f"stop {PRIMARY} is read by 0 alarms in us-east-1."),
        ({"parameters": runbook.start(PROD, PRIMARY).parameters}, f"stop {PRIMARY} sends 0."),
    ],
)
def test_a_call_that_a_failover_cannot_rely_on_is_found(
    prod: Sequence[Stack], change: dict[str, Any], sentence: str
) -> None:
    planted = replace(runbook.stop(PROD, PRIMARY), **change)
    assert sentence in call_faults(PROD, [planted], prod)


@pytest.mark.parametrize(
    "planted",
    [
        replace(runbook.fence(PROD, PRIMARY, at=NOW), region=PROD.secondary_region),
        replace(runbook.fence(PROD, PRIMARY, at=NOW), parameters={"TableName": "users", "Item": {}}),
        replace(runbook.fence(PROD, PRIMARY, at=NOW), parameters={"TableName": "users-prod", "Item": {}}),
    ],
    ids=["of another Region", "of another table", "without its key"],
)
def test_a_fence_that_its_region_would_not_see_is_found(prod: Sequence[Stack], planted: Call) -> None:
    assert call_faults(PROD, [planted], prod) == [f"fence {PRIMARY} writes to no replica in {PRIMARY}."]


def test_a_switch_in_the_region_that_it_stops_is_found(prod: Sequence[Stack]) -> None:
    region = PROD.secondary_region
    swapped = [
        replace(stack, environment=stack.environment.replace(region, PRIMARY))
        if stack.path == "ProdSecondary/Switch"
        else stack
        for stack in prod
    ]
    assert f"stop {PRIMARY} is read by 0 alarms in {region}." in call_faults(
        PROD, [runbook.stop(PROD, PRIMARY)], swapped
    )
    assert "The PRIMARY A record reads an alarm that is not there." in routing_faults(PROD, swapped)


def config(part: str, **values: object) -> Change:
    """A change to the configuration of one of the primary Region's health checks."""

    def change(resources: Any) -> None:  # noqa: ANN401 - JSON
        (id_,) = (each for each in resources if each.startswith(f"PrimaryHealth{part}"))
        resources[id_]["Properties"]["HealthCheckConfig"] |= values

    return change


def record(**values: object) -> Change:
    """A change to the primary Region's A record."""

    def change(resources: Any) -> None:  # noqa: ANN401 - JSON
        (id_,) = (each for each in resources if each.startswith("PrimaryRecordA") and "AAAA" not in each)
        resources[id_]["Properties"] |= values

    return change


def leads_to(region: str, *, evaluate: bool = True) -> Change:
    alias = {"DNSName": DOMAIN.origin(region), "HostedZoneId": DOMAIN.hosted_zone_id}
    return record(AliasTarget=alias | {"EvaluateTargetHealth": evaluate})


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (config("Endpoint", FullyQualifiedDomainName=DOMAIN.name), f"is decided by {DOMAIN.name}"),
        (
            config("Endpoint", FullyQualifiedDomainName=f"abc.execute-api.{PRIMARY}.amazonaws.com"),
            f"is decided by abc.execute-api.{PRIMARY}.amazonaws.com",
        ),
        (config("Endpoint", Type="TCP"), "is not decided by an endpoint and a switch"),
        (config("Endpoint", Disabled=True), "has a check that is disabled or inverted"),
        (config("Switch", Inverted=True), "has a check that is disabled or inverted"),
        (
            config("Switch", AlarmIdentifier={"Name": f"users-prod-stop-{PRIMARY}", "Region": PRIMARY}),
            "has its switch in the Region that it stops",
        ),
        (config("Both", HealthThreshold=1), "does not need all of its checks"),
        (record(HealthCheckId={"Ref": "Nothing"}), "has no health check"),
        (
            leads_to(PROD.secondary_region),
            f"leads to {DOMAIN.origin(PROD.secondary_region)}",
        ),
        (
            leads_to(PRIMARY, evaluate=False),
            "does not evaluate the health of its target",
        ),
    ],
)
def test_what_would_answer_wrongly_is_found(prod: Sequence[Stack], change: Change, what: str) -> None:
    planted = [_changed(stack, change) if stack.path == "ProdRouting/Routing" else stack for stack in prod]
    assert f"The PRIMARY A record {what}." in routing_faults(PROD, planted)


def test_a_record_that_is_not_there_is_found(prod: Sequence[Stack]) -> None:
    planted = [
        _changed(stack, record(Type="TXT")) if stack.path == "ProdRouting/Routing" else stack
        for stack in prod
    ]
    assert routing_faults(PROD, planted) == [f"{PRIMARY} has no PRIMARY record of type A."]


def test_a_region_without_an_origin_is_found(prod: Sequence[Stack]) -> None:
    planted = [stack for stack in prod if stack.path != "ProdPrimary/Api"]
    assert (
        f"The PRIMARY AAAA record leads to {DOMAIN.origin(PRIMARY)}, of which {PRIMARY} has no record."
        in routing_faults(PROD, planted)
    )


def _changed(stack: Stack, change: Change) -> Stack:
    template = deepcopy(stack.template)
    change(template["Resources"])
    return replace(stack, template=template)
