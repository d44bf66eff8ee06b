"""What the steps of a restore set, against the one source of it: the table that is synthesized."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pipeline.config import PROD
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.restore.calls import calls
from pipeline.restore.facts import Facts
from pipeline.restore.scenarios import named
from pipeline.restore.step import Do, Step
from pipeline.runbook import Call
from tests.stacks.assembly import Assembly

FACTS = Facts(former="users-prod", restored="users-prod-restored", restore_point="2030-01-01T11:59:59Z")
STEPS = named("table-restore").steps
# What a restore brings along by itself, and what a new replica has without being told.
COMES_ALONG = {
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "SSESpecification",
    "TableName",
}
UNSAID = {"MultiRegionConsistency": "EVENTUAL"}  # what a replica is made with if nothing is said


def test_a_restored_table_gets_all_that_the_synthesized_one_has(assembly: Assembly) -> None:
    assert differences(synthesized(assembly), STEPS) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"StreamSpecification": {"StreamViewType": "KEYS_ONLY"}}, "StreamSpecification"),
        (
            {"TimeToLiveSpecification": {"AttributeName": "ends_at", "Enabled": True}},
            "TimeToLiveSpecification",
        ),
        ({"MultiRegionConsistency": "STRONG"}, "MultiRegionConsistency"),
        ({"WriteOnDemandThroughputSettings": {"MaxWriteRequestUnits": 9}}, "WriteOnDemandThroughputSettings"),
    ],
)
def test_a_setting_that_the_steps_forget_would_be_found(
    assembly: Assembly, change: dict[str, Any], found: str
) -> None:
    assert differences({**synthesized(assembly), **change}, STEPS) == [found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"Tags": []}, "Tags"),
        (
            {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
            "PointInTimeRecoverySpecification",
        ),
        ({"ResourcePolicy": {"PolicyDocument": {}}}, "ResourcePolicy"),
    ],
)
def test_a_setting_that_the_steps_forget_in_a_region_would_be_found(
    assembly: Assembly, change: dict[str, Any], found: str
) -> None:
    table = dict(synthesized(assembly))
    for region in (PROD.primary_region, PROD.secondary_region):
        replicas = [
            {**replica, **(change if replica["Region"] == region else {})} for replica in table["Replicas"]
        ]
        assert differences({**table, "Replicas": replicas}, STEPS) == [f"{found} in {region}"]


@pytest.mark.parametrize("role", Role)
def test_a_step_that_is_left_out_would_be_found(assembly: Assembly, role: Role) -> None:
    fewer = [step for step in STEPS if (step.do, step.role) != (Do.SETTINGS, role)]
    region = region_of(PROD, role)
    assert f"DeletionProtectionEnabled in {region}" in differences(synthesized(assembly), fewer)


def synthesized(assembly: Assembly) -> Mapping[str, Any]:
    tables = assembly.stacks["ProdData-Data"].of_type("AWS::DynamoDB::GlobalTable").values()
    (properties,) = [
        each["Properties"] for each in tables if each["Properties"]["TableName"] == PROD.table_name
    ]
    assert isinstance(properties, dict)
    return properties


def differences(table: Mapping[str, Any], steps: Sequence[Step]) -> list[str]:
    """Return what a synthesized table has, and one that is restored by the steps has not."""
    sent = [call for step in steps for call in calls(step, PROD, FACTS)]
    primary, secondary = PROD.primary_region, PROD.secondary_region
    whole = UNSAID | settings(sent, primary)
    stream = whole.get("StreamSpecification", {})
    whole["StreamSpecification"] = {"StreamViewType": stream.get("StreamViewType")}
    made = {update["Create"]["RegionName"] for update in whole.get("ReplicaUpdates", [])}
    assert {replica["Region"] for replica in table["Replicas"]} == {primary, *made} == {primary, secondary}
    found = [
        name
        for name, value in table.items()
        if name not in COMES_ALONG | {"Replicas"} and whole.get(name) != value
    ]
    for replica in table["Replicas"]:
        its = settings(sent, replica["Region"])
        found += [
            f"{name} in {replica['Region']}"
            for name, value in replica.items()
            if name not in COMES_ALONG | {"Region"} and in_order(its.get(name)) != in_order(value)
        ]
    return found


def settings(sent: Sequence[Call], region: str) -> dict[str, Any]:
    """Return all that calls to a Region set, by the names of their parameters."""
    actions = ("UpdateTable", "UpdateTimeToLive", "UpdateContinuousBackups", "TagResource")
    every = [call.parameters for call in sent if call.region == region and call.action in actions]
    return {name: value for parameters in every for name, value in parameters.items()}


def in_order(value: Any) -> Any:  # noqa: ANN401 - a property of a template
    """Tags have no order."""
    return sorted(value, key=str) if isinstance(value, list) else value
