"""A stage that fails is performed again as the last execution that passed it had performed it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.approval import Decision
from pipeline.local.runner.definition import Action
from pipeline.local.runner.record import Record, Rollback, Status
from tests.pipeline.local.runner.staged import Played, action, pipeline, stage


def back(record: Record, name: str = "Local") -> Rollback:
    rollback = record.stages[name].rollback
    assert rollback is not None
    return rollback


def test_a_stage_that_fails_is_performed_again_with_the_artifacts_of_the_last_good_one(
    tmp_path: Path,
) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    played.fail("Deploy", of="bbb")
    record = played.carry("bbb")
    assert played.performed[-1] == ("Deploy", "aaa")
    assert back(record) == Rollback(status=Status.SUCCEEDED, to=good.id)
    local = record.stages["Local"]
    assert (local.status, local.cause, record.status) == (Status.FAILED, "Deploy: it broke", Status.FAILED)
    assert f"Local is rolled back to {good.id}" in played.said


def test_it_goes_back_to_the_last_that_passed_that_stage_and_not_to_one_that_failed_there(
    tmp_path: Path,
) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    played.fail("Deploy", of="bbb")
    played.carry("bbb")
    played.fail("Deploy", of="ccc")
    assert back(played.carry("ccc")).to == good.id


def test_without_an_earlier_good_one_nothing_is_rolled_back_and_that_is_said(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.fail("Deploy")
    rollback = back(played.carry("aaa"))
    cause = "no earlier execution passed Local, so that it is left as it is"
    assert rollback == Rollback(status=Status.FAILED, cause=cause)
    assert f"Local is NOT rolled back: {cause}" in played.said


def test_artifacts_that_are_gone_are_named(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    shutil.rmtree(played.history.artifacts(good.id) / "built")
    played.fail("Deploy", of="bbb")
    rollback = back(played.carry("bbb"))
    assert (rollback.status, rollback.to) == (Status.FAILED, good.id)
    assert f"{good.id} has no built any more" in rollback.cause


def test_a_rollback_that_fails_says_so(tmp_path: Path) -> None:
    played = Played(tmp_path)
    good = played.carry("aaa")
    played.fail("Deploy")
    rollback = back(played.carry("bbb"))
    assert rollback == Rollback(status=Status.FAILED, to=good.id, cause="Deploy: it broke")


def test_a_stage_that_does_not_roll_back_is_left(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.carry("aaa")
    played.fail("Source")
    assert played.carry("bbb").stages["Source"].rollback is None


def test_variables_of_earlier_stages_are_those_of_the_earlier_execution(tmp_path: Path) -> None:
    deploy = action("Deploy", category="Deploy", says={"Text": "#{Drill.VERDICT}"})
    played = Played(
        tmp_path, pipeline(stage("Drill", action("Drill", namespace="Drill")), stage("Local", deploy))
    )
    seen: list[str] = []

    async def deploy_or_fail(action: Action, work: Work) -> Mapping[str, str]:
        seen.append(action.configuration["Text"])
        if work.commit == "bbb":
            raise ActionFailed("it broke")
        return {}

    played.instead["Deploy"] = deploy_or_fail
    played.carry("aaa")
    record = played.carry("bbb")
    assert seen == ["aaa is well", "bbb is well", "aaa is well"]
    assert record.variables == {"Drill": {"VERDICT": "bbb is well"}}


def test_what_a_rollback_makes_does_not_replace_what_the_earlier_execution_made(tmp_path: Path) -> None:
    local = stage(
        "Local",
        action("Deploy", takes=["code"], makes=["verdict"]),
        action("Check", order=2, takes=["verdict"]),
    )
    played = Played(tmp_path, pipeline(stage("Source", action("Source", makes=["code"])), local))
    good = played.carry("aaa")
    kept = played.history.artifacts(good.id) / "verdict" / "of"
    kept.write_text("untouched")
    played.fail("Check", of="bbb")
    record = played.carry("bbb")
    assert back(record).status is Status.SUCCEEDED
    assert kept.read_text() == "untouched"
    assert not (played.history.place(record.id) / "rollback" / "Local").exists()


def test_what_was_deployed_by_hand_can_be_rolled_back_to(tmp_path: Path) -> None:
    played = Played(tmp_path)

    def fill(artifacts: Path) -> None:
        (artifacts / "built").mkdir()
        (artifacts / "built" / "of").write_text("by hand")

    adopted = played.history.adopt(
        commit="abc", subject="By hand", committed_at=1.0, stages=["Local"], fill=fill, at=1.0
    )
    played.fail("Deploy", of="bbb")
    assert back(played.carry("bbb")) == Rollback(status=Status.SUCCEEDED, to=adopted.id)
    assert played.performed[-1] == ("Deploy", "by hand")


def test_an_approval_in_a_stage_that_is_rolled_back_is_not_asked_for_again(tmp_path: Path) -> None:
    local = stage("Local", action("Ok", category="Approval"), action("Deploy", order=2))
    played = Played(tmp_path, pipeline(local))
    record = played.carry("aaa")
    engine = played.engine()
    assert asyncio.run(engine.resume(record.id, Decision.APPROVED)).status is Status.SUCCEEDED
    played.fail("Deploy")
    second = played.carry("bbb")
    failed = asyncio.run(played.engine().resume(second.id, Decision.APPROVED))
    assert "nobody is asked for a rollback" in back(failed).cause
