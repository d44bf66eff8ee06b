"""What an event becomes: one line that CloudWatch takes metrics from."""

import json
from typing import Any
from unittest import mock

import pytest

from pipeline.measures import handler
from pipeline.measures.history import leading_to
from pipeline.measures.measures import DAY, measures
from pipeline.measures.outcome import Outcome
from tests.pipeline.measures.code_pipeline import PIPELINE, CodePipeline, action, epoch, source, time

MINUTE = 60


@pytest.fixture(autouse=True)
def namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_NAMESPACE", "Delivery")


def event(id_: str, *, state: str, minutes: float) -> dict[str, Any]:
    """What EventBridge tells of the end of PROD."""
    return {
        "source": "aws.codepipeline",
        "detail-type": "CodePipeline Stage Execution State Change",
        "time": time(minutes).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "detail": {
            "pipeline": PIPELINE,
            "execution-id": id_,
            "stage": "Prod",
            "state": state,
            "version": 3.0,
            "pipeline-execution-attempt": 1.0,
        },
    }


def told(history: CodePipeline, *asked: str, state: str, minutes: float) -> dict[str, Any]:
    """The line that an event of the first of the executions that are asked for makes."""
    client, stubber = history.client(*asked)
    with mock.patch.object(handler, "_client", lambda: client), mock.patch("sys.stdout") as out:
        handler.handle(event(asked[0], state=state, minutes=minutes), None)
    stubber.assert_no_pending_responses()
    (call,) = out.write.call_args_list
    assert call.args[0].endswith("}\n")
    line = json.loads(call.args[0])
    assert isinstance(line, dict)
    return line


def metrics(line: dict[str, Any]) -> dict[str, float]:
    """The values of the metrics that a line declares."""
    return {
        each["Name"]: line[each["Name"]]
        for directive in line["_aws"]["CloudWatchMetrics"]
        for each in directive["Metrics"]
    }


@pytest.fixture
def history() -> CodePipeline:
    """PROD: one that passed, one that failed, its rollback, and one that passes."""
    told = CodePipeline()
    told.add("good", source("2026-03-02T08:55:00Z", 0), action("Prod", "Deploy", "Succeeded", 5, 10))
    told.add("bad", source(None, 20), action("Prod", "Deploy", "Failed", 25, 30), status="Failed")
    told.add(
        "back",
        action("Prod", "Deploy", "Succeeded", 31, 34),
        status="Succeeded",
        executionType="ROLLBACK",
        commit="good",
    )
    told.add(
        "now",
        source("2026-03-02T09:35:00Z", 40),
        action("Prod", "Deploy", "Succeeded", 45, 50),
        status="InProgress",
    )
    return told


def test_a_change_that_passed_is_one_line_of_the_embedded_format(history: CodePipeline) -> None:
    assert told(history, "now", "back", state="SUCCEEDED", minutes=51) == {
        "_aws": {
            "Timestamp": epoch(51) * 1000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Delivery",
                    "Dimensions": [["Pipeline", "Stage"]],
                    "Metrics": [
                        {"Name": "Deployments", "Unit": "Count"},
                        {"Name": "Changes", "Unit": "Count"},
                        {"Name": "FailedChanges", "Unit": "Count"},
                        {"Name": "LeadTime", "Unit": "Seconds"},
                    ],
                }
            ],
        },
        "Pipeline": PIPELINE,
        "Stage": "Prod",
        "ExecutionId": "now",
        "Deployments": 1,
        "Changes": 1,
        "FailedChanges": 0,
        "LeadTime": 16 * MINUTE,
    }


def test_a_change_that_failed_has_no_deployment(history: CodePipeline) -> None:
    line = told(history, "bad", "good", state="FAILED", minutes=30)
    assert metrics(line) == {"Changes": 1, "FailedChanges": 1}


def test_a_rollback_ends_what_failed_and_is_no_change(history: CodePipeline) -> None:
    line = told(history, "back", "bad", "good", state="SUCCEEDED", minutes=35)
    assert metrics(line) == {"TimeToRestore": 5 * MINUTE}


def test_a_rollback_of_what_had_passed_makes_it_a_failed_change(history: CodePipeline) -> None:
    history.summaries[0]["status"] = "Succeeded"
    history.add("undo", action("Prod", "Deploy", "Succeeded", 80, 86), executionType="ROLLBACK", commit="old")
    line = told(history, "undo", "now", state="SUCCEEDED", minutes=86)
    assert metrics(line) == {"FailedChanges": 1, "TimeToRestore": 6 * MINUTE}


def test_an_event_is_measured_as_it_was_even_if_the_history_is_ahead(history: CodePipeline) -> None:
    history.actions["bad"].insert(0, action("Prod", "Deploy", "Succeeded", 60, 65))
    assert metrics(told(history, "bad", "good", state="FAILED", minutes=30)) == {
        "Changes": 1,
        "FailedChanges": 1,
    }
    assert metrics(told(history, "bad", "good", state="SUCCEEDED", minutes=65)) == {
        "Deployments": 1,
        "TimeToRestore": 35 * MINUTE,
    }


def test_an_event_delivered_twice_says_the_same_of_the_same_moment(history: CodePipeline) -> None:
    first, second = (told(history, "bad", "good", state="FAILED", minutes=30) for _ in range(2))
    assert first == second


def test_a_try_that_failed_has_written_nothing(
    history: CodePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    client, _ = history.client()
    with mock.patch.object(handler, "_client", lambda: client), pytest.raises(KeyError, match="gone"):
        handler.handle(event("gone", state="FAILED", minutes=30), None)
    assert capsys.readouterr().out == ""


def test_every_metric_has_a_unit() -> None:
    full = Outcome(execution_id="a", ended_at=0, deployed=True, judged="a", failed="a", lead=1, restored=1)
    assert handler.values(full).keys() == handler.UNITS.keys()


def test_the_sums_of_the_metrics_are_the_measures_of_the_table(history: CodePipeline) -> None:
    lines = [
        told(history, *asked, state=state, minutes=minutes)
        for asked, state, minutes in (
            (("good",), "SUCCEEDED", 10),
            (("bad", "good"), "FAILED", 30),
            (("back", "bad", "good"), "SUCCEEDED", 34),
        )
    ]
    client, _ = history.client("back", "bad", "good")
    executions = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="back")
    found = measures(executions, stage="Prod", since=epoch(0), until=epoch(0) + DAY)
    total = {name: sum(metrics(line).get(name, 0) for line in lines) for name in handler.UNITS}
    assert total == {
        "Deployments": found.deployments_per_day,
        "Changes": 2,
        "FailedChanges": 2 * (found.change_failure_rate or 0),
        "LeadTime": found.lead,
        "TimeToRestore": found.restore,
    }
