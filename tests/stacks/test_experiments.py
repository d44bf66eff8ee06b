"""The experiments stack: what breaks a Region there, for how long, and what ends it."""

import json

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from pipeline.drill.step import FaultKind
from stacks import drills
from tests.stacks.alarms import watched
from tests.stacks.assembly import Assembly, Stack
from tests.stacks.breaking import experiments, faults

DRILLED = [deployment for deployment in DEPLOYMENTS if deployment.drills]
REGIONS = [(deployment, role) for deployment in DRILLED for role in ("primary", "secondary")]

Placed = tuple[Stack, Deployment, str]


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> Placed:
    """An experiments stack, its deployment, and its Region."""
    deployment, role = request.param
    stack = assembly.stacks[f"{deployment.name.title()}{role.title()}-Experiments"]
    return stack, deployment, getattr(deployment, f"{role}_region")


def longest(deployment: Deployment) -> int:
    assert deployment.drills
    return deployment.drills.longest_minutes


def test_a_deployment_is_drilled_that_says_so_and_no_other(assembly: Assembly) -> None:
    found = {stack.path.split("/")[0] for stack in assembly.with_path_ending("/Experiments")}
    assert found == {
        f"{deployment.name.title()}{role}" for deployment in DRILLED for role in ("Primary", "Secondary")
    }
    assert "beta" in {deployment.name for deployment in DRILLED}
    assert "prod" not in {deployment.name for deployment in DRILLED}


def test_nothing_is_broken_without_an_end(placed: Placed) -> None:
    stack, deployment, region = placed
    assert stack.region == region
    assert faults(stack.template, region=region, longest_minutes=longest(deployment)) == []


def test_there_is_one_for_each_fault_that_the_drill_knows_here(placed: Placed) -> None:
    found = experiments(placed[0].template)
    assert sorted(found) == sorted([FaultKind.REPLICATION_PAUSED, FaultKind.FUNCTIONS_STOPPED])
    assert (drills.REPLICATION_PAUSED, drills.FUNCTIONS_STOPPED) == (
        FaultKind.REPLICATION_PAUSED,
        FaultKind.FUNCTIONS_STOPPED,
    )


def test_replication_of_one_table_is_paused(placed: Placed) -> None:
    stack, deployment, _ = placed
    experiment = experiments(stack.template)[drills.REPLICATION_PAUSED]
    (action,) = experiment["Actions"].values()
    assert action["ActionId"] == "aws:dynamodb:global-table-pause-replication"
    assert action["Parameters"] == {"duration": f"PT{longest(deployment)}M"}
    target = experiment["Targets"][action["Targets"]["Tables"]]
    assert target["ResourceType"] == "aws:dynamodb:global-table"
    (arn,) = target["ResourceArns"]
    assert arn["Fn::Join"][1][-1] == f":table/{deployment.table_name}"
    assert {"Ref": "AWS::Region"} in arn["Fn::Join"][1]


def test_functions_are_stopped_by_the_document_of_the_stack(placed: Placed) -> None:
    stack, deployment, region = placed
    (action,) = experiments(stack.template)[drills.FUNCTIONS_STOPPED]["Actions"].values()
    (id_, document), *others = stack.of_type("AWS::SSM::Document").items()
    assert not others
    assert action["ActionId"] == "aws:ssm:start-automation-execution"
    assert {"Ref": id_} in action["Parameters"]["documentArn"]["Fn::Join"][1]
    role = "Primary" if region == deployment.primary_region else "Secondary"
    record = document["Properties"]["Content"]["mainSteps"][0]
    assert record["inputs"]["InputPayload"] == {"Stack": f"{deployment.name.title()}{role}-Api"}


def test_the_functions_that_are_stopped_are_those_of_a_stack_that_is_there(
    placed: Placed, assembly: Assembly
) -> None:
    (document,) = placed[0].of_type("AWS::SSM::Document").values()
    name = document["Properties"]["Content"]["mainSteps"][0]["inputs"]["InputPayload"]["Stack"]
    handlers = [
        each["Properties"]["Handler"]
        for each in assembly.stacks[name].of_type("AWS::Lambda::Function").values()
    ]
    assert sorted(handlers) == [
        f"lambdas.users.handlers.{name}.handler" for name in ("batch", "crud", "query")
    ]


def test_the_signal_that_calls_off_is_of_its_own_region(placed: Placed) -> None:
    stack, deployment, region = placed
    found = [watched(alarm["Properties"]) for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()]
    (abort,) = [metrics for metrics in found if metrics[0]["Namespace"] == drills.NAMESPACE]
    assert abort[0]["MetricName"] == drills.METRIC
    assert abort[0]["Dimensions"] == {"Service": deployment.service, "Region": region}
    assert (abort[0]["Period"], abort[0]["Stat"]) == (60, "Maximum")


def test_each_experiment_acts_with_a_role_of_its_own_that_only_fis_takes(placed: Placed) -> None:
    stack, _, _ = placed
    roles = [each["RoleArn"]["Fn::GetAtt"][0] for each in experiments(stack.template).values()]
    assert len(set(roles)) == len(roles)
    for role in roles:
        (statement,) = stack.template["Resources"][role]["Properties"]["AssumeRolePolicyDocument"][
            "Statement"
        ]
        assert statement["Principal"] == {"Service": "fis.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert {"Ref": "AWS::Region"} in statement["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Join"][1]


def test_no_role_may_touch_functions_of_another_stack_or_write_rows(placed: Placed) -> None:
    stack, deployment, region = placed
    role = "Primary" if region == deployment.primary_region else "Secondary"
    statements = [
        statement
        for policy in stack.of_type("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    on_functions = [each for each in statements if "lambda:" in json.dumps(each["Action"])]
    assert [each["Condition"] for each in on_functions] == [
        {
            "StringEquals": {
                "aws:ResourceTag/aws:cloudformation:stack-name": f"{deployment.name.title()}{role}-Api"
            }
        }
    ]
    assert "dynamodb:PutItem" not in json.dumps(statements)
    passed = [each for each in statements if each["Action"] == "iam:PassRole"]
    assert [list(each["Condition"]["StringEquals"].values()) for each in passed] == [["ssm.amazonaws.com"]]


def test_what_it_does_is_logged_and_the_log_expires(placed: Placed) -> None:
    stack, deployment, _ = placed
    (group, *others) = stack.of_type("AWS::Logs::LogGroup").items()
    assert not others
    assert group[1]["Properties"]["RetentionInDays"] == deployment.functions.logs.retention_days
    for experiment in experiments(stack.template).values():
        logged = experiment["LogConfiguration"]["CloudWatchLogsConfiguration"]
        assert logged == {"LogGroupArn": {"Fn::GetAtt": [group[0], "Arn"]}}


def test_it_needs_no_other_stack(placed: Placed) -> None:
    assert "Fn::ImportValue" not in json.dumps(placed[0].template)
    assert "Outputs" not in placed[0].template
