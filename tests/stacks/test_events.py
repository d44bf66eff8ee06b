"""The events stack: what of this Region's stream reaches the function, and where what fails ends."""

import json
from typing import Any

import pytest

from pipeline.config import DEPLOYMENTS, Deployment
from tests.stacks.assembly import Assembly, Resource, Stack
from tests.stacks.grants import faults, rights

REGIONS = [(deployment, role) for deployment in DEPLOYMENTS for role in ("primary", "secondary")]
DAY = 24 * 60 * 60

Placed = tuple[Stack, Deployment, str]


@pytest.fixture(params=REGIONS, ids=lambda param: f"{param[0].name}-{param[1]}")
def placed(request: pytest.FixtureRequest, assembly: Assembly) -> Placed:
    deployment, role = request.param
    region: str = getattr(deployment, f"{role}_region")
    return assembly.stacks[f"{deployment.name.title()}{role.title()}-Events"], deployment, region


@pytest.fixture
def stack(assembly: Assembly) -> Stack:
    return assembly.stacks["ProdSecondary-Events"]


@pytest.fixture
def mapping(stack: Stack) -> Resource:
    properties: Resource = stack.only("AWS::Lambda::EventSourceMapping")["Properties"]
    return properties


def arn(stack: Stack, type_: str, attribute: str = "Arn") -> dict[str, list[str]]:
    (id_,) = stack.of_type(type_)
    return {"Fn::GetAtt": [id_, attribute]}


def function(stack: Stack, handler: str) -> Resource:
    (properties,) = (
        each["Properties"]
        for each in stack.of_type("AWS::Lambda::Function").values()
        if each["Properties"]["Handler"] == handler
    )
    assert isinstance(properties, dict)
    return properties


def test_is_in_its_own_region(placed: Placed) -> None:
    stack, deployment, region = placed
    assert stack.environment == f"aws://{deployment.account}/{region}"


def test_grants_name_their_own_region_and_no_wildcard(placed: Placed) -> None:
    stack, _, region = placed
    assert faults(stack.template, region=region) == []


def test_the_function_may_read_that_stream_and_write_to_that_bus_and_that_queue(placed: Placed) -> None:
    stack, _, _ = placed
    found = rights(stack.template, handler="lambdas.users.handlers.stream.handler")
    logs = [resource for resource, actions in found.items() if "logs:PutLogEvents" in actions]
    assert {resource: actions for resource, actions in found.items() if resource not in logs} == {
        json.dumps(arn(stack, "Custom::TableStream", "StreamArn")): {
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        },
        json.dumps(arn(stack, "AWS::Events::EventBus")): {"events:PutEvents"},
        json.dumps(arn(stack, "AWS::SQS::Queue")): {"sqs:SendMessage"},
        "*": {"xray:PutTelemetryRecords", "xray:PutTraceSegments"},
    }


def test_the_lookup_may_describe_the_table_here(placed: Placed) -> None:
    stack, deployment, region = placed
    found = rights(stack.template, handler="lambdas.provisioning.table_stream.handler")
    table = f"arn:aws:dynamodb:{region}:{deployment.account}:table/{deployment.table_name}"
    assert [resource for resource in found if "dynamodb" in resource] == [table]
    assert found[table] == {"dynamodb:DescribeTable"}


def test_the_stream_is_looked_up_in_the_region_of_the_stack(placed: Placed) -> None:
    stack, deployment, _ = placed
    resource = stack.only("Custom::TableStream")
    lookup = resource["Properties"]["ServiceToken"]["Fn::GetAtt"][0]
    handler = stack.template["Resources"][lookup]["Properties"]["Handler"]
    assert handler == "lambdas.provisioning.table_stream.handler"
    assert resource["Properties"]["TableName"] == deployment.table_name


def test_the_lookup_waits_for_its_rights(stack: Stack) -> None:
    dependencies = stack.only("Custom::TableStream")["DependsOn"]
    assert any(id_ in dependencies for id_ in stack.of_type("AWS::IAM::Policy"))


def test_the_function_is_called_for_the_stream_that_was_looked_up(stack: Stack, mapping: Resource) -> None:
    assert mapping["EventSourceArn"] == arn(stack, "Custom::TableStream", "StreamArn")
    alias = stack.of_type("AWS::Lambda::Alias")[mapping["FunctionName"]["Ref"]]
    called = stack.template["Resources"][alias["Properties"]["FunctionName"]["Ref"]]
    assert called["Properties"]["Handler"] == "lambdas.users.handlers.stream.handler"


def test_the_mapping_waits_for_the_right_to_read(stack: Stack) -> None:
    dependencies = stack.only("AWS::Lambda::EventSourceMapping")["DependsOn"]
    policies = stack.of_type("AWS::IAM::Policy")
    assert any("dynamodb:GetRecords" in json.dumps(policies[id_]) for id_ in dependencies if id_ in policies)


def test_no_record_is_passed_over_while_the_mapping_starts(mapping: Resource) -> None:
    assert mapping["StartingPosition"] == "TRIM_HORIZON"


def test_a_batch_that_fails_is_narrowed_down_and_given_up_in_time(stack: Stack, mapping: Resource) -> None:
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] < 10_000
    assert 60 * 60 <= mapping["MaximumRecordAgeInSeconds"] < DAY  # a stream keeps its records for a day
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": arn(stack, "AWS::SQS::Queue")}}


def test_records_of_one_user_keep_their_order(mapping: Resource) -> None:
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["BatchSize"] == 100


def test_dead_letters_are_kept_encrypted_for_as_long_as_can_be(stack: Stack) -> None:
    queue = stack.only("AWS::SQS::Queue")["Properties"]
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == 14 * DAY
    (statement,) = stack.only("AWS::SQS::QueuePolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_function_is_told_its_bus(stack: Stack) -> None:
    (bus,) = stack.of_type("AWS::Events::EventBus")
    environment = function(stack, "lambdas.users.handlers.stream.handler")["Environment"]["Variables"]
    assert environment["EVENT_BUS_NAME"] == {"Ref": bus}
    assert environment["POWERTOOLS_SERVICE_NAME"] == "users"


def test_others_are_told_where_the_bus_is(stack: Stack) -> None:
    (output,) = stack.template["Outputs"].values()
    assert output["Value"] == arn(stack, "AWS::Events::EventBus")


def images(**more: object) -> dict[str, Any]:
    return {"Keys": {"timestamp": {"S": "CURRENT"}}, "NewImage": {"region": {"S": "eu-central-1"}}, **more}


def tombstone(region: str) -> dict[str, Any]:
    return {
        "Keys": {"timestamp": {"S": f"2030-01-01T12:00:00.000000Z#{region}"}},
        "NewImage": {"region": {"S": region}, "change": {"S": "deleted"}},
    }


THERE = {"NewImage": {"region": {"S": "eu-west-1"}}}
HISTORY = {"Keys": {"timestamp": {"S": "2030-01-01T12:00:00.000000Z#eu-central-1"}}}


@pytest.mark.parametrize(
    ("name", "dynamodb", "passes"),
    [
        ("INSERT", images(), True),
        ("MODIFY", images(), True),
        ("INSERT", images(**THERE), False),
        ("MODIFY", images(**THERE), False),
        ("REMOVE", {"Keys": {"timestamp": {"S": "CURRENT"}}, "OldImage": images()["NewImage"]}, False),
        ("INSERT", images(**HISTORY), False),
        ("INSERT", tombstone("eu-central-1"), True),
        ("INSERT", tombstone("eu-west-1"), False),
        ("REMOVE", {**HISTORY, "OldImage": tombstone("eu-central-1")["NewImage"]}, False),
        ("INSERT", {"Keys": {"timestamp": {"S": "CLAIM"}}, "NewImage": {"owner": {"S": "ada"}}}, False),
    ],
)
def test_only_what_is_to_be_told_here_invokes_the_function(
    mapping: Resource, name: str, dynamodb: dict[str, Any], passes: bool
) -> None:
    patterns = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
    record = {"eventName": name, "dynamodb": dynamodb}
    assert any(_matches(record, pattern) for pattern in patterns) is passes


def _matches(value: Any, pattern: Any) -> bool:  # noqa: ANN401 - JSON
    """EventBridge's rule for patterns of objects and lists of allowed values."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            _matches(value.get(key), part) for key, part in pattern.items()
        )
    return value in pattern
