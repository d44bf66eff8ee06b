"""The opt-in: what asks for it, with which rights."""

import pytest

from tests.stacks.assembly import Assembly, Stack
from tests.stacks.grants import rights

HANDLER = "lambdas.provisioning.backup_opt_in.handler"


@pytest.fixture(params=["ProdPrimary-Backup", "ProdSecondary-Backup"])
def stack(request: pytest.FixtureRequest, assembly: Assembly) -> Stack:
    return assembly.stacks[request.param]


def test_it_may_read_and_change_the_settings_of_the_region(stack: Stack) -> None:
    found = rights(stack.template, handler=HANDLER)
    assert {action for actions in found.values() for action in actions if action.startswith("backup:")} == {
        "backup:DescribeRegionSettings",
        "backup:UpdateRegionSettings",
    }
    assert not any(
        "dynamodb" in text for text in (*found, *(a for actions in found.values() for a in actions))
    )


def test_it_waits_for_its_rights(stack: Stack) -> None:
    resource = stack.only("Custom::BackupOptIn")
    called = stack.template["Resources"][resource["Properties"]["ServiceToken"]["Fn::GetAtt"][0]]
    assert called["Properties"]["Handler"] == HANDLER
    allowing = [
        id_
        for id_, policy in stack.of_type("AWS::IAM::Policy").items()
        if "backup:UpdateRegionSettings" in str(policy)
    ]
    assert allowing
    assert set(allowing) <= set(resource["DependsOn"])
