"""The backup stack: in which Region what of it is, and that nothing in it allows more than it must."""

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from stacks import names
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.backups import function_of

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]
VALIDATE, REPLAY, WATCH = (
    f"lambdas.recovery.handlers.{name}.handler" for name in ("validate", "replay", "watch")
)
# What is made and tested where backups are made, and nowhere else.
ONLY_PRIMARY = {
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::RestoreTestingPlan",
    "AWS::Backup::RestoreTestingSelection",
}

Placed = tuple[Stack, Deployment, str]


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> Placed:
    deployment, role = request.param
    return assembly.stacks[f"{deployment.name.title()}{role.title()}-Backup"], deployment, role


def test_is_in_its_own_region(placed: Placed) -> None:
    stack, deployment, role = placed
    region = getattr(deployment, f"{role}_region")
    assert stack.environment == f"aws://{deployment.account}/{region}"


def test_backups_are_made_and_tested_in_the_primary_region_alone(placed: Placed) -> None:
    stack, _, role = placed
    for type_ in ONLY_PRIMARY:
        assert len(stack.of_type(type_)) == (1 if role == "primary" else 0)


def test_each_region_has_a_vault_and_is_opted_in(placed: Placed) -> None:
    stack, deployment, _ = placed
    assert (
        stack.only("AWS::Backup::BackupVault")["Properties"]["BackupVaultName"]
        == f"{deployment.service}-vault"
    )
    assert stack.only("Custom::BackupOptIn")


def test_the_functions_of_the_runbook_are_in_each_region_by_name(placed: Placed) -> None:
    stack, deployment, _ = placed
    assert function_of(stack, VALIDATE)["FunctionName"] == names.validator(deployment.service)
    assert function_of(stack, REPLAY)["FunctionName"] == names.replayer(deployment.service)
    assert "FunctionName" not in function_of(stack, WATCH)


@pytest.mark.parametrize("handler", [VALIDATE, REPLAY, WATCH])
def test_a_function_has_as_long_as_there_is_and_counts_for_its_service(placed: Placed, handler: str) -> None:
    stack, deployment, _ = placed
    function = function_of(stack, handler)
    assert (function["Timeout"], function["MemorySize"]) == (900, 2048)
    assert "ReservedConcurrentExecutions" not in function
    environment = function["Environment"]["Variables"]
    assert environment["POWERTOOLS_SERVICE_NAME"] == deployment.service
    assert environment["POWERTOOLS_METRICS_NAMESPACE"] == "Users"


def test_only_roles_that_must_be_found_from_elsewhere_have_names(placed: Placed) -> None:
    stack, deployment, role = placed
    found = [
        each["Properties"]["RoleName"]
        for each in stack.of_type("AWS::IAM::Role").values()
        if "RoleName" in each["Properties"]
    ]
    assert found == ([names.restore_role(deployment.service)] if role == "primary" else [])
