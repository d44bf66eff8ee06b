import json
from collections.abc import Callable
from typing import Any

import pytest

from lambdas.recovery import bootstrap
from lambdas.recovery.telemetry import gauges

Lines = Callable[[], list[dict[str, Any]]]


def test_a_line_is_a_set_of_metrics_of_one_service(printed: Lines) -> None:
    bootstrap.gauges().publish("watch", {"OptedIn": 1.0, "RecoveryPointAgeHours": 2.5}, cleared=["a"])
    (line,) = printed()
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Users", [["service"]])
    assert sorted(metric["Name"] for metric in directive["Metrics"]) == ["OptedIn", "RecoveryPointAgeHours"]
    assert (line["OptedIn"], line["RecoveryPointAgeHours"]) == ([1.0], [2.5])
    assert (line["message"], line["level"], line["cleared"]) == ("watch", "INFO", ["a"])


def test_each_line_has_its_own_metrics(printed: Lines) -> None:
    bootstrap.gauges().publish("watch", {"OptedIn": 1.0})
    bootstrap.gauges().publish("watch", {"LeftOverTables": 2.0})
    assert "OptedIn" not in printed()[1]
    assert printed()[1]["LeftOverTables"] == [2.0]


def test_a_line_without_metrics_is_a_line(printed: Lines) -> None:
    bootstrap.gauges().publish("watch", {}, failed={"OptedIn": "no answer"})
    (line,) = printed()
    assert "_aws" not in line
    assert line["failed"] == {"OptedIn": "no answer"}


def test_an_accident_is_logged_by_its_type_and_frames_alone(printed: Lines) -> None:
    try:
        raise ValueError("ada@example.com")
    except ValueError as error:
        bootstrap.gauges().accident("validator", error)
    (line,) = printed()
    assert (line["level"], line["type"]) == ("ERROR", "ValueError")
    assert line["frames"][0].endswith("test_an_accident_is_logged_by_its_type_and_frames_alone")
    assert "ada@example.com" not in json.dumps(line)


def test_the_environment_names_service_and_namespace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "users-of-a-test")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Users")
    gauges().publish("watch", {"OptedIn": 1.0})
    line = json.loads(capsys.readouterr().out)
    assert line["service"] == "users-of-a-test"
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Users"
