"""The alarms on how changes are told: when they are late, and when they are given up."""

from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from pipeline.objectives import THRESHOLDS
from stacks.constructs.stream_alarms import StreamAlarms
from stacks.objectives import Thresholds
from tests.stacks import assembly as assemblies
from tests.stacks.alarms import alarms, faults, threshold_faults, watched
from tests.stacks.assembly import Assembly, Resource, Template
from tests.stacks.watching import HIGH, LOW


def template(directory: Path, thresholds: Thresholds) -> Template:
    """The alarms alone, beside things that have names."""
    app = cdk.App(outdir=str(directory), analytics_reporting=False)
    stack = cdk.Stack(app, "Alone", env=cdk.Environment(account="111111111111", region="eu-west-1"))
    arn = "arn:aws:{}:eu-west-1:111111111111:{}"
    StreamAlarms(
        stack,
        "StreamAlarms",
        topic=sns.Topic.from_topic_arn(stack, "Topic", arn.format("sns", "told")),
        function=lambda_.Function.from_function_name(stack, "Function", "teller"),
        dead_letters=sqs.Queue.from_queue_arn(stack, "Queue", arn.format("sqs", "dead")),
        thresholds=thresholds,
    )
    app.synth()
    return assemblies.read(directory).stacks["Alone"].template


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return template(tmp_path_factory.mktemp("alone"), THRESHOLDS)


def of_metric(template: Template, name: str) -> Resource:
    (found,) = (each for each in alarms(template).values() if each["MetricName"] == name)
    return found


def test_each_is_told_and_says_what_it_means(alone: Template) -> None:
    assert faults(alone) == []
    assert [each["AlarmActions"] for each in alarms(alone).values()] == [
        ["arn:aws:sns:eu-west-1:111111111111:told"],
        ["arn:aws:sns:eu-west-1:111111111111:told"],
    ]


def test_late_is_a_stream_whose_oldest_record_waits_for_minutes(alone: Template) -> None:
    found = of_metric(alone, "IteratorAge")
    (metric,) = watched(found)
    assert (metric["Namespace"], list(metric["Dimensions"])) == ("AWS/Lambda", ["FunctionName"])
    assert (metric["Stat"], metric["Period"]) == ("Maximum", 60)
    assert (found["EvaluationPeriods"], found["DatapointsToAlarm"]) == (5, 3)
    assert found["Threshold"] == THRESHOLDS.stream_age_seconds * 1000  # Lambda counts milliseconds


def test_one_dead_letter_is_told(alone: Template) -> None:
    found = of_metric(alone, "ApproximateNumberOfMessagesVisible")
    (metric,) = watched(found)
    assert (metric["Namespace"], metric["Dimensions"]) == ("AWS/SQS", {"QueueName": "dead"})
    assert (metric["Stat"], metric["Period"]) == ("Maximum", 60)
    assert (found["Threshold"], found["EvaluationPeriods"]) == (1, 1)
    assert found["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_no_records_and_an_unused_queue_are_no_trouble(alone: Template) -> None:
    assert {each["TreatMissingData"] for each in alarms(alone).values()} == {"notBreaching"}


def test_every_threshold_comes_from_the_configuration(tmp_path: Path) -> None:
    one, other = (template(tmp_path / name, value) for name, value in (("one", LOW), ("other", HIGH)))
    assert threshold_faults(one, other) == []


def test_a_threshold_that_stayed_would_be_found(tmp_path: Path, alone: Template) -> None:
    later = template(tmp_path, replace(THRESHOLDS, stream_age_seconds=THRESHOLDS.stream_age_seconds + 1))
    (fault,) = threshold_faults(alone, later)
    assert "DeadLetters" in fault


@pytest.mark.parametrize("name", ["ProdPrimary-Events", "LocalSecondary-Events"])
def test_they_watch_the_function_and_the_queue_of_the_stream(assembly: Assembly, name: str) -> None:
    stack = assembly.stacks[name]
    (called,) = (
        id_
        for id_, each in stack.of_type("AWS::Lambda::Function").items()
        if each["Properties"]["Handler"] == "lambdas.users.handlers.stream.handler"
    )
    (queue,) = stack.of_type("AWS::SQS::Queue")
    found = [alarm for id_, alarm in alarms(stack.template).items() if id_.startswith("StreamAlarms")]
    assert {watched(alarm)[0]["MetricName"]: watched(alarm)[0]["Dimensions"] for alarm in found} == {
        "IteratorAge": {"FunctionName": {"Ref": called}},
        "ApproximateNumberOfMessagesVisible": {"QueueName": {"Fn::GetAtt": [queue, "QueueName"]}},
    }


def test_they_are_told_to_the_topic_that_the_region_has(assembly: Assembly) -> None:
    stack = assembly.stacks["ProdPrimary-Events"]
    topic = assembly.stacks["ProdPrimary-Observability"].only("AWS::SNS::Topic")["Properties"]["TopicName"]
    found = [alarm for id_, alarm in alarms(stack.template).items() if id_.startswith("StreamAlarms")]
    arn = f"arn:aws:sns:eu-west-1:222222222222:{topic}"
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == [arn] for alarm in found)
