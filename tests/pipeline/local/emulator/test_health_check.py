"""A health check of a template is one that Route 53 tells of, with all of its configuration."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack

ENDPOINT = {
    "Type": "HTTPS",
    "FullyQualifiedDomainName": "eu-west-1.users.local.example",
    "Port": 443,
    "ResourcePath": "/health",
    "RequestInterval": 10,
    "FailureThreshold": 3,
    "EnableSNI": True,
    "MeasureLatency": False,
}
ALARM = {
    "Type": "CLOUDWATCH_METRIC",
    "AlarmIdentifier": {"Name": "users-local-stop-eu-west-1", "Region": "eu-central-1"},
    "InsufficientDataHealthStatus": "LastKnownStatus",
    "Inverted": True,
}
BOTH = {
    "Type": "CALCULATED",
    "ChildHealthChecks": [{"Ref": "Endpoint"}, {"Ref": "Alarm"}],
    "HealthThreshold": 2,
}
SHOWN = {"Inverted": False, "Disabled": False}


def check(config: dict[str, Any], **differently: object) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": "a check"}]
    properties = {"HealthCheckConfig": {**config, **differently}, "HealthCheckTags": tags}
    return {"Type": "AWS::Route53::HealthCheck", "Properties": properties}


@pytest.fixture
def stack(lone_region: LoneRegion) -> Stack:
    return Stack(lone_region)


def config(stack: Stack, id_: str) -> dict[str, Any]:
    return dict(
        stack.client("route53").get_health_check(HealthCheckId=id_)["HealthCheck"]["HealthCheckConfig"]
    )


def listed(stack: Stack) -> set[str]:
    return {c["Id"] for c in stack.client("route53").list_health_checks()["HealthChecks"]}


def create(stack: Stack, **resources: dict[str, Any]) -> dict[str, str]:
    outputs = {name: {"Fn::GetAtt": [name, "HealthCheckId"]} for name in resources}
    assert stack.create(resources, outputs) == "CREATE_COMPLETE"
    return stack.outputs()


def test_every_kind_is_listed_with_all_that_the_template_says(stack: Stack) -> None:
    ids = create(stack, Endpoint=check(ENDPOINT), Alarm=check(ALARM), Both=check(BOTH))
    children = [ids["Endpoint"], ids["Alarm"]]
    assert config(stack, ids["Endpoint"]) == {**SHOWN, **ENDPOINT}
    assert config(stack, ids["Alarm"]) == {**SHOWN, **ALARM}
    assert config(stack, ids["Both"]) == {**SHOWN, **BOTH, "ChildHealthChecks": children}
    assert set(ids.values()) <= listed(stack)
    assert stack.delete() == "DELETE_COMPLETE"
    assert not set(ids.values()) & listed(stack)


def test_what_a_template_leaves_out_is_as_route_53_has_it(stack: Stack) -> None:
    short = {"Type": "HTTPS", "FullyQualifiedDomainName": "example.com"}
    ids = create(stack, One=check(short))
    defaults = {"Port": 443, "RequestInterval": 30, "FailureThreshold": 3, "EnableSNI": True}
    assert config(stack, ids["One"]) == {**SHOWN, **short, **defaults, "MeasureLatency": False}


def test_a_change_is_made_in_place_and_what_a_template_drops_is_gone(stack: Stack) -> None:
    ids = create(stack, Alarm=check(ALARM), One=check(ENDPOINT))
    changed = {
        "Alarm": check({key: value for key, value in ALARM.items() if key != "Inverted"}, Disabled=True),
        "One": check(ENDPOINT, ResourcePath="/", FailureThreshold=1),
    }
    assert stack.update(changed, {name: {"Ref": name} for name in changed}) == "UPDATE_COMPLETE"
    assert stack.outputs() == ids
    assert config(stack, ids["Alarm"])["Inverted"] is False
    assert config(stack, ids["Alarm"])["Disabled"] is True
    assert (config(stack, ids["One"])["ResourcePath"], config(stack, ids["One"])["FailureThreshold"]) == (
        "/",
        1,
    )


def test_another_interval_takes_another_check(stack: Stack) -> None:
    before = create(stack, One=check(ENDPOINT))["One"]
    outputs = {"One": {"Ref": "One"}}
    assert stack.update({"One": check(ENDPOINT, RequestInterval=30)}, outputs) == "UPDATE_COMPLETE"
    after = stack.outputs()["One"]
    assert (after != before, config(stack, after)["RequestInterval"]) == (True, 30)
    assert before not in listed(stack)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({**ENDPOINT, "Type": "GOPHER"}, "'GOPHER' is not a type of health check"),
        ({**ENDPOINT, "RequestInterval": 5}, "A RequestInterval is 10 or 30 s"),
        ({**ENDPOINT, "FailureThreshold": 11}, "a FailureThreshold from 1 to 10"),
        ({"Type": "HTTPS"}, "needs a name or an address"),
        ({"Type": "CLOUDWATCH_METRIC"}, "needs an alarm's name and Region"),
        (
            {"Type": "CALCULATED", "ChildHealthChecks": ["nobody"], "HealthThreshold": 1},
            "no health check nobody",
        ),
    ],
)
def test_what_route_53_would_refuse_fails_the_stack(stack: Stack, wrong: dict[str, Any], words: str) -> None:
    assert stack.create({"One": check(wrong)}) == "ROLLBACK_COMPLETE"
    assert words in stack.reasons()


def test_one_that_an_operator_inverts_says_so(stack: Stack) -> None:
    ids = create(stack, Endpoint=check(ENDPOINT), Alarm=check(ALARM), Both=check(BOTH))
    route53 = stack.client("route53")
    route53.update_health_check(HealthCheckId=ids["Both"], Inverted=True, ChildHealthChecks=[ids["Alarm"]])
    changed = config(stack, ids["Both"])
    assert (changed["Inverted"], changed["ChildHealthChecks"]) == (True, [ids["Alarm"]])


def test_checks_outlive_a_restart(lone_region: LoneRegion, stack: Stack) -> None:
    ids = create(stack, Alarm=check(ALARM))
    lone_region.stop()
    lone_region.start()
    assert config(stack, ids["Alarm"]) == {**SHOWN, **ALARM}
