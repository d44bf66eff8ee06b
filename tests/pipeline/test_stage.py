"""The order in which a deployment rolls out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest

from pipeline.config import LOCAL
from pipeline.stage import RegionStage, deployment_stages
from tests.stacks import assembly as assemblies


@pytest.fixture(scope="module")
def stages() -> Sequence[cdk.Stage]:
    return deployment_stages(cdk.App(), LOCAL)


def test_the_data_come_first_then_the_region_without_traffic_then_the_other_then_the_way_there(
    stages: Sequence[cdk.Stage],
) -> None:
    assert [stage.node.id for stage in stages] == [
        "LocalData",
        "LocalSecondary",
        "LocalPrimary",
        "LocalRouting",
    ]


def test_a_stage_is_one_account_and_one_region(stages: Sequence[cdk.Stage]) -> None:
    assert [(stage.account, stage.region) for stage in stages] == [
        (LOCAL.account, LOCAL.primary_region),
        (LOCAL.account, LOCAL.secondary_region),
        (LOCAL.account, LOCAL.primary_region),
        (LOCAL.account, LOCAL.primary_region),
    ]
    for stage in stages:
        for stack in _stacks(stage):
            assert (stack.account, stack.region) == (stage.account, stage.region)


def test_stacks_are_named_by_their_stage(stages: Sequence[cdk.Stage]) -> None:
    in_each_region = ("Api", "Events", "Observability", "Backup", "Switch", "Experiments")
    assert [stack.stack_name for stage in stages for stack in _stacks(stage)] == [
        "LocalData-Data",
        *(f"LocalSecondary-{stack}" for stack in in_each_region),
        *(f"LocalPrimary-{stack}" for stack in in_each_region),
        "LocalRouting-Routing",
    ]


def test_a_validator_alone_is_told_of_the_shortest_for_which_versions_were_kept(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path), analytics_reporting=False)
    raised = replace(LOCAL, history_retention_days=90, least_history_days=30)
    here, there = raised.primary_region, raised.secondary_region
    RegionStage(app, "Raised", deployment=raised, region=here, peer_region=there)
    app.synth()
    stacks = assemblies.read(tmp_path).stacks
    days = {
        name: {
            variables["HISTORY_RETENTION_DAYS"]
            for each in stacks[f"Raised-{name}"].of_type("AWS::Lambda::Function").values()
            if "HISTORY_RETENTION_DAYS" in (variables := each["Properties"]["Environment"]["Variables"])
        }
        for name in ("Api", "Backup")
    }
    assert days == {"Api": {"90"}, "Backup": {"30"}}


def _stacks(stage: cdk.Stage) -> list[cdk.Stack]:
    return [child for child in stage.node.children if isinstance(child, cdk.Stack)]
