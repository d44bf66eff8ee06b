"""The rights to drill are no rights to break anything but by experiments."""

import json

from pipeline.config import BETA
from pipeline.drill.aws.rights import policy

BREAKING = (
    "lambda:PutFunctionConcurrency",
    "dynamodb:PutResourcePolicy",
    "dynamodb:DeleteItem",
    "dynamodb:UpdateItem",
    "ssm:",
    "route53:Change",
    "iam:PassRole",
    "*:*",
)


def test_nothing_is_broken_but_by_an_experiment() -> None:
    text = json.dumps(policy(BETA))
    assert [right for right in BREAKING if right in text] == []
    assert "fis:StartExperiment" in text


def test_experiments_are_of_one_deployment() -> None:
    held = [each for each in policy(BETA)["Statement"] if "fis:StopExperiment" in each["Action"]]
    assert [each["Condition"] for each in held] == [{"StringEquals": {"aws:ResourceTag/Deployment": "beta"}}]
    started = [each for each in policy(BETA)["Statement"] if "fis:StartExperiment" in each["Action"]]
    assert len(started) == 2
    assert all("beta" in json.dumps(each["Condition"]) for each in started)


def test_only_the_rows_of_states_may_be_written() -> None:
    (write,) = [each for each in policy(BETA)["Statement"] if "dynamodb:PutItem" in each["Action"]]
    assert write["Action"] == ["dynamodb:PutItem"]
    assert write["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["REGION#eu-west-1", "REGION#eu-central-1"]}
    }
    assert all(arn.endswith(":table/users-beta") for arn in write["Resource"])


def test_only_signals_of_ours_may_be_sent() -> None:
    (signal,) = [each for each in policy(BETA)["Statement"] if "cloudwatch:PutMetricData" in each["Action"]]
    assert signal["Condition"] == {"StringEquals": {"cloudwatch:namespace": ["UsersRouting", "UsersDrills"]}}
