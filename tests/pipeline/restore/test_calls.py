"""The calls of a restore: AWS knows each, and each goes to the Region, table and function that it is for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pipeline.config import DEPLOYMENTS, PROD, Deployment
from pipeline.drill.plan import region_of
from pipeline.drill.step import Role
from pipeline.restore import calls as calls_of
from pipeline.restore.calls import calls
from pipeline.restore.facts import Facts
from pipeline.restore.invocation import Invocation
from pipeline.restore.scenarios import SCENARIOS, named
from pipeline.restore.step import Do
from pipeline.runbook import Call
from tests.pipeline.restore.sending import commands_of, refusal

FACTS = Facts(
    former="users-prod",
    restored="users-prod-restored",
    at="2030-01-01T12:00:00Z",
    restore_point="2030-01-01T11:59:59Z",
    pattern=".*@rewritten[.]invalid",
)
STEPS = named("table-restore").steps
EVERY = [
    call for scenario in SCENARIOS.values() for step in scenario.steps for call in calls(step, PROD, FACTS)
]


def of(do: Do, role: Role | None = None, facts: Facts = FACTS) -> Sequence[Call]:
    found = [step for step in STEPS if step.do is do and (role is None or step.role is role)]
    return calls(found[0], PROD, facts)


def event(call: Call) -> Any:  # noqa: ANN401 - JSON
    return json.loads(call.parameters["Payload"])


@pytest.mark.parametrize("call", EVERY, ids=lambda call: f"{call.action} {call.purpose}")
def test_aws_knows_the_action_and_its_parameters(call: Call) -> None:
    assert refusal(call) == ""


@pytest.mark.parametrize(
    ("action", "right", "wrong"),
    [
        ("RestoreTableToPointInTime", "RestoreDateTime", "RestoreTime"),
        ("UpdateContinuousBackups", "PointInTimeRecoverySpecification", "PointInTimeRecovery"),
        ("UpdateTable", "StreamSpecification", "StreamSpec"),
        ("Invoke", "Payload", "Event"),
    ],
)
def test_a_misspelt_parameter_would_be_found(action: str, right: str, wrong: str) -> None:
    (call, *_) = [each for each in EVERY if each.action == action and right in each.parameters]
    misspelt = {wrong if name == right else name: value for name, value in call.parameters.items()}
    assert f'Unknown parameter in input: "{wrong}"' in refusal(replace(call, parameters=misspelt))


def test_a_time_that_is_none_would_be_found() -> None:
    (call,) = of(Do.RESTORE, facts=replace(FACTS, restore_point="yesterday"))
    assert "Invalid type for parameter RestoreDateTime" in refusal(call)


def test_a_table_is_restored_to_the_second_in_the_primary_region() -> None:
    (call,) = of(Do.RESTORE)
    assert call.region == PROD.primary_region
    assert call.parameters == {
        "SourceTableName": "users-prod",
        "TargetTableName": "users-prod-restored",
        "RestoreDateTime": "2030-01-01T11:59:59Z",
    }


def test_a_replica_is_made_in_the_other_region_by_an_update_of_its_own() -> None:
    (call,) = of(Do.REPLICATE)
    assert call.region == PROD.primary_region
    assert call.parameters == {
        "TableName": "users-prod-restored",
        "ReplicaUpdates": [{"Create": {"RegionName": PROD.secondary_region}}],
    }


@pytest.mark.parametrize("role", Role)
def test_both_tables_are_fenced_and_only_the_restored_one_is_unfenced(role: Role) -> None:
    assert {call.region for do in (Do.FENCE, Do.UNFENCE) for call in of(do, role)} == {region_of(PROD, role)}
    fenced = [
        (call.parameters["TableName"], call.parameters["Item"]["state"]["S"]) for call in of(Do.FENCE, role)
    ]
    assert fenced == [("users-prod-restored", "fenced"), ("users-prod", "fenced")]
    (unfence,) = of(Do.UNFENCE, role)
    assert unfence.parameters["TableName"] == "users-prod-restored"
    assert unfence.parameters["Item"] == {
        "user_id": {"S": f"REGION#{region_of(PROD, role)}"},
        "timestamp": {"S": "STATE"},
        "state": {"S": "active"},
        "changed_at": {"S": "2030-01-01T12:00:00Z"},
    }


@pytest.mark.parametrize("role", Role)
def test_what_a_region_wrote_last_is_looked_for_in_the_other(role: Role) -> None:
    put, get = of(Do.AWAIT_DRAINED, role)
    assert (put.region, get.region) == (region_of(PROD, role), region_of(PROD, role.peer))
    assert {put.parameters["TableName"], get.parameters["TableName"]} == {"users-prod"}
    key = get.parameters["Key"]
    assert put.parameters["Item"] == {**key, "changed_at": {"S": "2030-01-01T12:00:00Z"}}
    assert key["user_id"] == {"S": f"REGION#{put.region}"}


def test_regions_converge_in_the_restored_table_both_ways() -> None:
    assert {call.parameters["TableName"] for call in of(Do.AWAIT_CONVERGED)} == {"users-prod-restored"}
    assert [call.region for call in of(Do.AWAIT_CONVERGED)] == [
        PROD.primary_region,
        PROD.secondary_region,
        PROD.secondary_region,
        PROD.primary_region,
    ]


@pytest.mark.parametrize(("least", "floor"), [(None, {}), (0, {"least_users": 0}), (9, {"least_users": 9})])
def test_the_validator_of_a_region_is_told_the_table_and_the_floor(
    least: int | None, floor: dict[str, int]
) -> None:
    (call,) = of(Do.VERIFY, Role.SECONDARY, replace(FACTS, least_users=least))
    assert (call.region, call.parameters["FunctionName"]) == (PROD.secondary_region, "users-prod-validator")
    assert event(call) == {"table": "users-prod-restored", **floor}


@pytest.mark.parametrize(
    ("pattern", "corrupt"), [("x@y[.]z", {"field": "email", "pattern": "x@y[.]z"}), ("", None)]
)
def test_the_replayer_is_told_both_tables_and_what_is_bad(pattern: str, corrupt: object) -> None:
    (call,) = of(Do.REPLAY, facts=replace(FACTS, pattern=pattern))
    assert call.parameters["FunctionName"] == "users-prod-replayer"
    assert event(call) == {"from": "users-prod", "to": "users-prod-restored", "corrupt": corrupt}


def test_a_shell_sends_the_event_of_a_function_as_it_is() -> None:
    (call,) = of(Do.REPLAY)
    assert isinstance(call, Invocation)
    ((program, service, action, *options),) = commands_of([call.command], {})
    assert (program, service, action, options[-1]) == ("aws", "lambda", "invoke", "/dev/stdout")
    words = dict(zip(options[:-1:2], options[1:-1:2], strict=True))
    assert words == {
        "--region": "eu-west-1",
        "--function-name": "users-prod-replayer",
        "--cli-read-timeout": "900",
        "--cli-binary-format": "raw-in-base64-out",
        "--payload": call.parameters["Payload"],
    }


def test_steps_that_are_no_calls_to_aws_have_none() -> None:
    for do in (Do.CARRY_ON, Do.CORRUPT, Do.CUT_OVER, Do.AWAIT_SERVED):
        assert of(do) == ()
    assert all(calls(step, PROD, FACTS) == () for step in named("user-restore").steps)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: str(deployment.name))
def test_each_deployment_is_restored_with_its_own_names_and_account(deployment: Deployment) -> None:
    facts = replace(FACTS, former="a-table", restored="another-table")
    found = [call for step in STEPS for call in calls(step, deployment, facts)]
    assert {call.region for call in found} == {deployment.primary_region, deployment.secondary_region}
    arns = [call.parameters["ResourceArn"] for call in found if call.action == "TagResource"]
    assert [arn.split(":")[4] for arn in arns] == [deployment.account] * 2
    functions = {call.parameters["FunctionName"] for call in found if call.service == "lambda"}
    assert functions == {f"users-{deployment.name}-validator", f"users-{deployment.name}-replayer"}


def test_the_state_of_a_table_may_be_asked_of_either_region() -> None:
    call = calls_of.describe(PROD, Role.SECONDARY, "users-prod")
    assert (call.region, call.parameters) == (PROD.secondary_region, {"TableName": "users-prod"})
