"""What CodePipeline tells, read as executions, and no further than it must be."""

import pytest

from pipeline.measures.execution import FAILED, SUCCEEDED, Run
from pipeline.measures.history import leading_to
from tests.pipeline.measures.code_pipeline import PIPELINE, CodePipeline, action, epoch, source

DAYS = 24 * 60


@pytest.fixture
def history() -> CodePipeline:
    """Four executions: one that passed PROD, one that did not, its rollback, and one that is there now."""
    told = CodePipeline()
    told.add("older", source(None, 0), action("Prod", "Deploy", "Succeeded", 5, 9))
    told.add("good", source(None, 10), action("Prod", "Deploy", "Succeeded", 15, 19))
    told.add(
        "bad",
        source(None, 20),
        action("Beta", "Deploy", "Succeeded", 22, 25),
        action("Prod", "Deploy", "Succeeded", 26, 28),
        action("Prod", "Bake", "Failed", 28, 29),
        action("Prod", "Smoke", "Succeeded", 28, 30),
        status="Failed",
    )
    told.add(
        "now",
        source("2026-03-02T08:30:00Z", 40),
        action("Prod", "Deploy", "Succeeded", 45, 50),
        status="InProgress",
    )
    told.add("newer", source(None, 60), status="InProgress")
    return told


def test_what_led_to_an_execution_goes_back_to_the_last_success_and_asks_for_no_other(
    history: CodePipeline,
) -> None:
    client, stubber = history.client("now", "bad", "good")
    found = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="now")
    stubber.assert_no_pending_responses()
    assert [each.id for each in found] == ["now", "bad", "good"]
    assert [each.committed_at for each in found] == [epoch(-30), None, None]


def test_an_execution_on_a_later_page_is_found(history: CodePipeline) -> None:
    client, stubber = history.client("good", "older", pages=2)
    found = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="good")
    stubber.assert_no_pending_responses()
    assert [each.id for each in found] == ["good", "older"]


def test_runs_of_a_stage_are_told_from_its_actions(history: CodePipeline) -> None:
    client, _ = history.client("now", "bad", "good")
    now, bad, good = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="now")
    assert now.stages["Prod"] == [Run(status="InProgress", began_at=epoch(45), ended_at=None)]
    assert now.ended_at is None
    assert bad.stages["Beta"] == [Run(status=SUCCEEDED, began_at=epoch(22), ended_at=epoch(25))]
    assert bad.stages["Prod"] == [Run(status=FAILED, began_at=epoch(26), ended_at=epoch(30))]
    assert good.stages["Prod"] == [Run(status=SUCCEEDED, began_at=epoch(15), ended_at=epoch(19))]


def test_an_execution_that_was_stopped_between_two_actions_has_no_success_in_that_stage(
    history: CodePipeline,
) -> None:
    history.add("stopped", action("Prod", "Deploy", "Succeeded", 70, 75), status="Stopped")
    client, _ = history.client("stopped", "newer", "now", "bad", "good")
    stopped, *_ = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="stopped")
    assert stopped.stages["Prod"] == [Run(status="Stopped", began_at=epoch(70), ended_at=epoch(75))]


def test_each_try_of_a_stage_is_a_run() -> None:
    told = CodePipeline()
    tries = [("Failed", 5, 9), ("Succeeded", 5, 10), ("Failed", 20, 29), ("Succeeded", 40, 49)]
    told.add("a", source(None, 0), *(action("Prod", f"Part{began}{s}", s, began, e) for s, began, e in tries))
    client, _ = told.client("a")
    (found,) = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="a")
    assert found.stages["Prod"] == [
        Run(status=FAILED, began_at=epoch(5), ended_at=epoch(10)),
        Run(status=FAILED, began_at=epoch(20), ended_at=epoch(29)),
        Run(status=SUCCEEDED, began_at=epoch(40), ended_at=epoch(49)),
    ]


def test_a_rollback_is_one(history: CodePipeline) -> None:
    history.add(
        "back",
        action("Prod", "Deploy", "Succeeded", 80, 85),
        executionType="ROLLBACK",
        rollbackMetadata={"rollbackTargetPipelineExecutionId": "good"},
        commit="good",
    )
    client, _ = history.client("back", "newer", "now", "bad", "good")
    found = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="back")
    assert [each.rollback for each in found] == [True, False, False, False, False]


def test_former_releases_of_the_same_commit_are_looked_for_until_the_horizon() -> None:
    told = CodePipeline()
    for minute, id_, commit in ((0, "too-old", "1"), (DAYS, "same", "1"), (2 * DAYS, "other", "2")):
        told.add(id_, action("Prod", "Deploy", "Succeeded", minute, minute + 5), commit=commit)
    told.add("last", action("Prod", "Deploy", "Succeeded", 3 * DAYS, 3 * DAYS + 5), commit="3")
    told.add("now", action("Prod", "Deploy", "Succeeded", 31 * DAYS, 31 * DAYS + 5), commit="1")
    client, stubber = told.client("now", "last", "same")
    found = leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="now")
    stubber.assert_no_pending_responses()
    assert [each.id for each in found] == ["now", "last", "same"]


def test_an_execution_that_is_not_there_is_an_error(history: CodePipeline) -> None:
    client, _ = history.client()
    with pytest.raises(KeyError, match="gone"):
        leading_to(client, pipeline=PIPELINE, stage="Prod", execution_id="gone")
