"""Every alarm of the app is told and says what it means, and the checks of that find each planted fault."""

import copy
from typing import Any

import pytest

from tests.stacks.alarms import alarms, faults, threshold_faults, value
from tests.stacks.assembly import Assembly

TOPIC = ["arn:aws:sns:eu-west-1:111111111111:users-beta-alarms"]
MEANING = "Too many requests fail. Look at the log of the functions, and at the last release."


def metric(name: str, id_: str = "m") -> dict[str, Any]:
    source = {"Namespace": "AWS/DynamoDB", "MetricName": name, "Dimensions": []}
    return {"Id": id_, "ReturnData": False, "MetricStat": {"Metric": source, "Period": 60, "Stat": "Sum"}}


def sound() -> dict[str, Any]:
    """Two alarms on metrics, one of which speaks through a composite one."""
    told = {"AlarmDescription": MEANING, "AlarmActions": TOPIC, "OKActions": TOPIC}
    watching = {
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "TreatMissingData": "notBreaching",
    }
    errors = {
        "Metrics": [{"Id": "e", "Expression": "FILL(m, 0)", "ReturnData": True}, metric("SystemErrors")]
    }
    window = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Period": 3600, "Statistic": "Sum"}
    rule = {"Fn::Join": ["", ['ALARM("', {"Fn::GetAtt": ["Window", "Arn"]}, '")']]}
    return {
        "Resources": {
            "Errors": {"Type": "AWS::CloudWatch::Alarm", "Properties": {**told, **watching, **errors}},
            "Window": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {"AlarmDescription": MEANING, **watching, **window},
            },
            "Both": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {**told, "AlarmRule": rule}},
        }
    }


def test_no_alarm_of_any_stack_is_faulty(assembly: Assembly) -> None:
    templates = [stack.template for stack in assembly.stacks.values()]
    assert [fault for template in templates for fault in faults(template)] == []
    assert any(alarms(template) for template in templates)


def test_what_is_sound_has_no_faults() -> None:
    assert faults(sound()) == []


@pytest.mark.parametrize(
    ("id_", "changed", "fault"),
    [
        ("Errors", {"AlarmActions": []}, "Errors has no AlarmActions."),
        ("Both", {"OKActions": []}, "Both has no OKActions."),
        ("Window", {"AlarmActions": TOPIC}, "Window has no OKActions."),
        (
            "Both",
            {"AlarmDescription": ""},
            "Both does not say what it means, or not in 1024 characters.",
        ),
        (
            "Both",
            {"AlarmDescription": MEANING * 13},
            "Both does not say what it means, or not in 1024 characters.",
        ),
        ("Window", {"EvaluationPeriods": 25}, "Window looks back for more than a day."),
        ("Both", {"AlarmRule": "TRUE"}, "Window has no AlarmActions."),
    ],
)
def test_a_planted_fault_is_found(id_: str, changed: dict[str, Any], fault: str) -> None:
    planted = sound()
    planted["Resources"][id_]["Properties"].update(changed)
    assert fault in faults(planted)


def test_an_alarm_without_an_opinion_on_missing_data_is_found() -> None:
    planted = sound()
    del planted["Resources"]["Window"]["Properties"]["TreatMissingData"]
    assert faults(planted) == ["Window does not say what missing data mean."]


def test_an_alarm_on_dynamodb_that_would_never_end_is_found() -> None:
    planted = sound()
    metrics = planted["Resources"]["Errors"]["Properties"]["Metrics"]
    metrics[0]["Expression"] = "FILL(m, 0) + n"
    metrics.append(metric("ThrottledRequests", "n"))
    assert faults(planted) == ["Errors stays raised for ever once DynamoDB has nothing to count."]


def test_too_many_metrics_are_found() -> None:
    planted = sound()
    metrics = planted["Resources"]["Errors"]["Properties"]["Metrics"]
    metrics[0]["Expression"] = " + ".join(f"FILL({id_}, 0)" for id_ in ("m", *"abcdfghijk"))
    metrics.extend(metric("SystemErrors", id_) for id_ in "abcdfghijk")
    assert faults(planted) == ["Errors watches 11 metrics, and CloudWatch takes 10."]


def test_a_threshold_that_no_configuration_moves_is_found() -> None:
    other = copy.deepcopy(sound())
    other["Resources"]["Errors"]["Properties"]["Threshold"] = 6
    assert threshold_faults(sound(), other) == ["Window is raised at 5 whatever is configured."]


@pytest.mark.parametrize(
    ("text", "series", "result"),
    [
        ("FILL(m, 0) + 1", {"m": None}, 1),
        ("m + 1", {"m": None}, None),
        ("IF(m >= 2, 100 * m, 0)", {"m": 2}, 200),
        ("IF(m >= 2, 100 * m, 0)", {"m": 1}, 0),
        ("IF(m >= 2, 100 * m, 0)", {"m": None}, None),
    ],
)
def test_expressions_mean_what_cloudwatch_makes_of_them(
    text: str, series: dict[str, float | None], result: float | None
) -> None:
    assert value(text, **series) == result
