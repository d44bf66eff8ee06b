"""The steps between deploying: which role each acts as, and how the local ones are as those on AWS."""

import json

import pytest

from pipeline.delivery import Pipeline
from tests.pipeline.pipelines import actions, builds, rights, titles
from tests.stacks.assembly import Stack

LOCKED = {f"dynamodb:{call}Item" for call in ("Delete", "Get", "Update")}


def commands(stack: Stack, project: str) -> str:
    properties, _ = builds(stack)[project]
    return "\n".join(json.loads(properties["Source"]["BuildSpec"])["phases"]["build"]["commands"])


@pytest.mark.parametrize(
    ("wave", "gate", "part"),
    [
        (0, "{0}{0}Access{0}Table", "gate"),
        (0, "{0}{0}Secondary{0}SecondaryBake", "gate"),
        (0, "{0}{0}Drill", "drill"),
        (1, "{0}Approval{0}Review", "gate"),
        (1, "{0}{0}Primary{0}PrimaryBake", "gate"),
    ],
)
def test_a_gate_may_act_as_one_role_of_its_deployment(
    stack: Stack, pipeline: Pipeline, wave: int, gate: str, part: str
) -> None:
    deployment = pipeline.waves[wave].deployment
    properties, own = builds(stack)[f"Pipeline{gate.format(deployment.name.title())}"]
    role = f"arn:aws:iam::{deployment.account}:role/{deployment.service}-{part}"
    assert rights(stack, own) == [{"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": role}]
    (acting,) = properties["Environment"]["EnvironmentVariables"]
    assert (acting["Name"], acting["Value"]) == ("ACT_AS", role)


@pytest.mark.parametrize("gate", ["Hold", "Release"])
def test_the_lock_is_held_and_released_for_one_deployment(
    stack: Stack, pipeline: Pipeline, gate: str
) -> None:
    first, _ = titles(pipeline)
    _, own = builds(stack)[f"Pipeline{first}{first}{gate}"]
    (statement,) = rights(stack, own)
    assert set(actions(statement)) == LOCKED
    key = {"dynamodb:LeadingKeys": [pipeline.waves[0].name]}
    assert statement["Condition"] == {"ForAllValues:StringEquals": key}
    (table,) = stack.of_type("AWS::DynamoDB::GlobalTable")
    assert statement["Resource"] == {"Fn::GetAtt": [table, "Arn"]}


def test_only_the_account_that_is_drilled_may_hold_itself_from_elsewhere(
    stack: Stack, pipeline: Pipeline
) -> None:
    drilled = pipeline.waves[0].deployment
    (replica,) = stack.only("AWS::DynamoDB::GlobalTable")["Properties"]["Replicas"]
    (statement,) = replica["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert f":iam::{drilled.account}:root" in json.dumps(statement["Principal"])
    key = {"dynamodb:LeadingKeys": [drilled.name]}
    assert statement["Condition"] == {"ForAllValues:StringEquals": key}


def test_a_bake_lasts_as_long_as_its_wave_says_and_a_drill_runs_as_fast(
    stack: Stack, pipeline: Pipeline
) -> None:
    for wave in pipeline.waves:
        title = wave.name.title()
        baked = commands(stack, f"Pipeline{title}{title}Primary{title}PrimaryBake")
        assert f"bake --region eu-west-1 --seconds {wave.bake_seconds} --on {wave.name}" in baked
        if wave.drill:
            held = f"run --on {wave.name} --time-scale {wave.drill.time_scale} --reports drill --json"
            assert held in commands(stack, f"Pipeline{title}{title}Drill")
