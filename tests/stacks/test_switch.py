"""The switch stack: in each Region, the signal that stops the other one."""

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Stack

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]
PEERS = {"primary": "secondary", "secondary": "primary"}

Placed = tuple[Stack, Deployment, str, str]


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> Placed:
    """A switch stack, its deployment, its Region and the one that it stops."""
    deployment, role = request.param
    stack = assembly.stacks[f"{deployment.name.title()}{role.title()}-Switch"]
    return (
        stack,
        deployment,
        getattr(deployment, f"{role}_region"),
        getattr(deployment, f"{PEERS[role]}_region"),
    )


def test_is_in_its_own_region(placed: Placed) -> None:
    stack, deployment, region, _ = placed
    assert stack.environment == f"aws://{deployment.account}/{region}"


def test_stops_the_other_region(placed: Placed) -> None:
    stack, deployment, _, other = placed
    alarm = stack.only("AWS::CloudWatch::Alarm")["Properties"]
    assert alarm["AlarmName"] == f"users-{deployment.name}-stop-{other}"
    assert {each["Name"]: each["Value"] for each in alarm["Dimensions"]} == {
        "Service": f"users-{deployment.name}",
        "Region": other,
    }


def test_needs_nothing_of_the_region_that_it_stops_but_its_name(placed: Placed) -> None:
    stack, _, _, other = placed
    alarm = stack.only("AWS::CloudWatch::Alarm")["Properties"]
    named = {key for key, value in alarm.items() if other in str(value)}
    assert named == {"AlarmName", "AlarmDescription", "Dimensions"}
    assert list(stack.template["Resources"]) == list(stack.of_type("AWS::CloudWatch::Alarm"))


def test_people_are_told_in_its_own_region_when_it_is_turned_either_way(placed: Placed) -> None:
    stack, deployment, region, _ = placed
    alarm = stack.only("AWS::CloudWatch::Alarm")["Properties"]
    topic = f"arn:aws:sns:{region}:{deployment.account}:users-{deployment.name}-alarms"
    assert (alarm["AlarmActions"], alarm["OKActions"]) == ([topic], [topic])
    assert alarm.get("ActionsEnabled", True) is True
