"""The order in which a deployment rolls out."""

import aws_cdk as cdk

from pipeline.config import LOCAL
from pipeline.stage import deployment_stages


def test_the_data_come_first_then_the_region_without_traffic_then_the_other() -> None:
    stages = deployment_stages(cdk.App(), LOCAL)
    assert [stage.node.id for stage in stages] == ["LocalData", "LocalSecondary", "LocalPrimary"]


def test_a_stage_is_one_account_and_one_region() -> None:
    stages = deployment_stages(cdk.App(), LOCAL)
    assert [(stage.account, stage.region) for stage in stages] == [
        (LOCAL.account, LOCAL.primary_region),
        (LOCAL.account, LOCAL.secondary_region),
        (LOCAL.account, LOCAL.primary_region),
    ]
    for stage in stages:
        for stack in _stacks(stage):
            assert (stack.account, stack.region) == (stage.account, stage.region)


def test_stacks_are_named_by_their_stage() -> None:
    stages = deployment_stages(cdk.App(), LOCAL)
    assert [stack.stack_name for stage in stages for stack in _stacks(stage)] == [
        "LocalData-Data",
        "LocalSecondary-Api",
        "LocalSecondary-Events",
        "LocalPrimary-Api",
        "LocalPrimary-Events",
    ]


def _stacks(stage: cdk.Stage) -> list[cdk.Stack]:
    return [child for child in stage.node.children if isinstance(child, cdk.Stack)]
