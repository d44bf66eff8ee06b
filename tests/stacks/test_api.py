"""The API stack: each Region by itself, and no more rights than it uses."""

import copy
from pathlib import Path

import pytest

from pipeline.config import DEPLOYMENTS, PROD, Deployment
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.grants import faults

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> tuple[Stack, Deployment, str]:
    deployment, role = request.param
    region: str = getattr(deployment, f"{role}_region")
    return assembly.stacks[f"{deployment.name.title()}{role.title()}-Api"], deployment, region


def test_is_in_its_own_region(placed: tuple[Stack, Deployment, str]) -> None:
    stack, deployment, region = placed
    assert stack.environment == f"aws://{deployment.account}/{region}"


def test_grants_name_their_own_region_and_no_wildcard(placed: tuple[Stack, Deployment, str]) -> None:
    stack, _, region = placed
    assert faults(stack.template, region=region) == []


def test_a_grant_that_names_the_other_region_would_be_found(placed: tuple[Stack, Deployment, str]) -> None:
    stack, deployment, region = placed
    (other,) = {deployment.primary_region, deployment.secondary_region} - {region}
    template = copy.deepcopy(stack.template)
    (policy_id,) = stack.of_type("AWS::IAM::Policy")
    template["Resources"][policy_id]["Properties"]["PolicyDocument"]["Statement"].append(
        {
            "Effect": "Allow",
            "Action": "dynamodb:*",
            "Resource": {
                "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":dynamodb:{other}:1:table/users"]]
            },
        }
    )
    assert faults(template, region=region) == [
        f"{policy_id} allows dynamodb:*.",
        f"{policy_id} names {other}.",
    ]


def test_the_function_may_read_and_put_rows_of_the_table_here(placed: tuple[Stack, Deployment, str]) -> None:
    stack, deployment, region = placed
    statements = stack.only("AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    assert {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
        "Resource": f"arn:aws:dynamodb:{region}:{deployment.account}:table/{deployment.table_name}",
    } in statements
    assert len(statements) == 2  # and to write its log


def test_the_function_is_told_its_table(placed: tuple[Stack, Deployment, str]) -> None:
    stack, deployment, _ = placed
    assert stack.only("AWS::Lambda::Function")["Properties"]["Environment"]["Variables"] == {
        "TABLE_NAME": deployment.table_name,
        "HISTORY_RETENTION_DAYS": str(deployment.history_retention_days),
        "POWERTOOLS_SERVICE_NAME": "users",
        "POWERTOOLS_METRICS_NAMESPACE": "Users",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def test_the_handler_is_a_file_in_the_asset(
    placed: tuple[Stack, Deployment, str], assembly: Assembly
) -> None:
    stack, _, _ = placed
    function = stack.only("AWS::Lambda::Function")["Properties"]
    module, _, name = function["Handler"].rpartition(".")
    asset = assembly.directory / f"asset.{Path(function['Code']['S3Key']).stem}"
    source = asset / Path(*module.split(".")).with_suffix(".py")
    assert f"def {name}(" in source.read_text()


def test_its_only_output_is_where_it_answers(placed: tuple[Stack, Deployment, str]) -> None:
    stack, _, _ = placed
    assert list(stack.template["Outputs"]) == ["ApiEndpoint"]


def test_what_a_new_logical_id_would_replace_keeps_its_own(placed: tuple[Stack, Deployment, str]) -> None:
    stack, _, _ = placed
    assert list(stack.of_type("AWS::ApiGateway::RestApi")) == ["UsersApiRestApi0BE38423"]
    assert set(stack.of_type("AWS::Logs::LogGroup")) == {
        "CrudFunctionLogsLogGroupD2297A95",
        "UsersApiAccessLogsLogGroup6CB2B2E1",
    }


def test_both_regions_of_a_deployment_ship_the_same_code(assembly: Assembly) -> None:
    keys = {
        stack.only("AWS::Lambda::Function")["Properties"]["Code"]["S3Key"]
        for name, stack in assembly.stacks.items()
        if name in {"ProdPrimary-Api", "ProdSecondary-Api", "BetaPrimary-Api"}
    }
    assert len(keys) == 1


def test_prod_keeps_its_logs_when_the_stack_goes(assembly: Assembly) -> None:
    groups = assembly.stacks["ProdPrimary-Api"].of_type("AWS::Logs::LogGroup")
    assert {group["DeletionPolicy"] for group in groups.values()} == {"Retain"}
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {PROD.logs.retention_days}
