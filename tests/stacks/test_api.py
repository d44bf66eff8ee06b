"""The API stack: each Region by itself, and no function with more rights than it uses."""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipeline.config import DEPLOYMENTS, PROD, Deployment
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.grants import faults, rights

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]
ROWS = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query"]
# What each function may do, to the table (``) and through each index, and to nothing else but its own log.
RIGHTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "crud": {"": ROWS, "/index/created-index": ["Query"]},
    "batch": {"": ["BatchGetItem", *ROWS]},
    "query": {
        "": ["GetItem", "Query"],
        "/index/email-index": ["Query", "Scan"],
        "/index/age-index": ["Query"],
        "/index/created-index": ["Query"],
        "/index/name-index": ["Query"],
    },
}


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
    policy_id = next(iter(stack.of_type("AWS::IAM::Policy")))
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


@pytest.mark.parametrize(
    ("actions", "resource"),
    [
        (["xray:PutTraceSegments", "dynamodb:GetItem"], "*"),
        (["xray:GetTraceSummaries"], "*"),
        (["cloudwatch:DescribeAlarms"], "*"),
    ],
)
def test_a_wildcard_for_what_could_be_named_would_be_found(actions: Sequence[str], resource: str) -> None:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    template = {
        "Resources": {
            "Planted": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"PolicyDocument": {"Statement": [statement]}},
            }
        }
    }
    assert faults(template, region="eu-west-1") == [f'Planted allows it on "{resource}".']


@pytest.mark.parametrize("name", RIGHTS)
def test_a_function_may_do_exactly_what_it_does(placed: tuple[Stack, Deployment, str], name: str) -> None:
    stack, deployment, region = placed
    table = f"arn:aws:dynamodb:{region}:{deployment.account}:table/{deployment.table_name}"
    found = rights(stack.template, handler=f"lambdas.users.handlers.{name}.handler")
    assert {resource: actions for resource, actions in found.items() if "dynamodb" in resource} == {
        table + path: {f"dynamodb:{action}" for action in actions} for path, actions in RIGHTS[name].items()
    }
    others = {resource: actions for resource, actions in found.items() if "dynamodb" not in resource}
    assert others.pop("*") == {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
    assert list(others.values()) == [{"logs:CreateLogStream", "logs:PutLogEvents"}]


def test_each_function_has_a_role_of_its_own(placed: tuple[Stack, Deployment, str]) -> None:
    stack, _, _ = placed
    functions = stack.of_type("AWS::Lambda::Function").values()
    roles = {function["Properties"]["Role"]["Fn::GetAtt"][0] for function in functions}
    assert len(roles) == len(functions) == len(RIGHTS)


def test_the_functions_are_told_their_table(placed: tuple[Stack, Deployment, str]) -> None:
    stack, deployment, _ = placed
    for function in stack.of_type("AWS::Lambda::Function").values():
        assert function["Properties"]["Environment"]["Variables"] == {
            "TABLE_NAME": deployment.table_name,
            "HISTORY_RETENTION_DAYS": str(deployment.history_retention_days),
            "POWERTOOLS_SERVICE_NAME": "users",
            "POWERTOOLS_METRICS_NAMESPACE": "Users",
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }


@pytest.mark.parametrize("ending", ["/Api", "/Events"])
def test_each_handler_is_a_file_in_the_asset(assembly: Assembly, ending: str) -> None:
    for stack in assembly.with_path_ending(ending):
        for resource in stack.of_type("AWS::Lambda::Function").values():
            function = resource["Properties"]
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
        "BatchFunctionLogsLogGroup5C1AC3C8",
        "CrudFunctionLogsLogGroupD2297A95",
        "QueryFunctionLogsLogGroup7F822F11",
        "UsersApiAccessLogsLogGroup6CB2B2E1",
    }


def test_both_regions_of_a_deployment_ship_the_same_code(assembly: Assembly) -> None:
    keys = {
        function["Properties"]["Code"]["S3Key"]
        for stack in assembly.stacks.values()
        if stack.path.startswith(("Prod", "Beta"))
        for function in stack.of_type("AWS::Lambda::Function").values()
    }
    assert len(keys) == 1


def test_prod_keeps_its_logs_when_the_stack_goes(assembly: Assembly) -> None:
    groups = assembly.stacks["ProdPrimary-Api"].of_type("AWS::Logs::LogGroup")
    assert {group["DeletionPolicy"] for group in groups.values()} == {"Retain"}
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {
        PROD.functions.logs.retention_days
    }
