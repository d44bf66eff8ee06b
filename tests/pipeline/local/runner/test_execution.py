"""Stages are performed in order, groups side by side, and a pipeline that changes itself begins anew."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.errors import LocalError
from pipeline.local.runner.action import Work
from pipeline.local.runner.definition import Action, Definition, Project
from pipeline.local.runner.record import Status
from tests.pipeline.local.runner.staged import Played, action, pipeline, short, stage


def updating(text: str, *more: str) -> Definition:
    stages = [stage("UpdatePipeline", action("SelfMutate")), *(stage(name, action(name)) for name in more)]
    return pipeline(*stages, text=text)


def test_stages_are_performed_in_their_order_with_each_others_artifacts(tmp_path: Path) -> None:
    played = Played(tmp_path)
    record = played.carry("aaa")
    assert played.performed == [("Source", "aaa"), ("Synth", "aaa"), ("Deploy", "aaa")]
    assert record.status is Status.SUCCEEDED
    assert [each.status for each in record.stages.values()] == [Status.SUCCEEDED] * 3
    assert record == played.history.read(record.id)
    assert (record.process, record.cause) == (None, "")


def test_actions_of_one_run_order_run_side_by_side_and_the_next_group_after_them(tmp_path: Path) -> None:
    definition = pipeline(stage("S", action("Last", order=2), action("One"), action("Other")))
    played = Played(tmp_path, definition)
    both: list[str] = []

    async def meet(action: Action, _work: Work) -> Mapping[str, str]:
        both.append(action.name)
        while len(both) < 2:
            await asyncio.sleep(0)
        return {}

    played.instead = {"One": meet, "Other": meet}
    assert played.carry("aaa").status is Status.SUCCEEDED
    assert (both, played.performed) == (["One", "Other"], [("Last", "aaa")])


def test_when_one_fails_those_beside_it_finish_and_nothing_comes_after(tmp_path: Path) -> None:
    slow = action("Slow")
    definition = pipeline(stage("S", action("Bad"), slow, action("Next", order=2)), stage("T", action("Far")))
    played = Played(tmp_path, definition)
    played.fail("Bad")

    async def go_on(action: Action, work: Work) -> Mapping[str, str]:
        for _ in range(20):
            await asyncio.sleep(0)
        return await played.well(action, work)

    played.instead["Slow"] = go_on
    record = played.carry("aaa")
    assert played.performed == [("Slow", "aaa")]
    assert (record.status, record.cause) == (Status.FAILED, "S: Bad: it broke")
    assert list(record.stages) == ["S"]


def test_whatever_goes_wrong_in_an_action_is_its_failure(tmp_path: Path) -> None:
    played = Played(tmp_path)

    async def stumble(_action: Action, _work: Work) -> Mapping[str, str]:
        raise KeyError("template")

    played.instead["Synth"] = stumble
    assert played.carry("aaa").cause == "Build: Synth: KeyError('template')"


def test_what_is_told_has_a_line_for_each_action_and_the_last_words_of_one_that_failed(
    tmp_path: Path,
) -> None:
    played = Played(tmp_path)
    played.fail("Deploy")
    record = played.carry("aaa")
    log = played.history.place(record.id) / "logs" / "Local" / "Deploy.log"
    said = "\n".join(played.said)
    assert "Stage Build\n  ✓ Synth (0.0 s)\nStage Local\n  ✗ Deploy (0.0 s): it broke\n      one\n" in said
    assert f"      two\n      All of it: {log}" in said
    assert played.said[-1] == "✗ Failed after 0 s: Local: Deploy: it broke"


def test_variables_reach_later_actions_and_stay_in_the_record(tmp_path: Path) -> None:
    says = {"CustomData": "#{Drill.VERDICT} (#{codepipeline.PipelineExecutionId})"}
    definition = pipeline(
        stage("A", action("Drill", namespace="Drill")), stage("B", action("Use", says=says))
    )
    played = Played(tmp_path, definition)
    seen: list[str] = []

    async def use(action: Action, _work: Work) -> Mapping[str, str]:
        seen.append(action.configuration["CustomData"])
        return {}

    played.instead["Use"] = use
    record = played.carry("aaa")
    assert seen == [f"aaa is well ({record.id})"]
    assert record.variables == {"Drill": {"VERDICT": "aaa is well"}}


def test_an_unknown_variable_fails_the_action(tmp_path: Path) -> None:
    played = Played(tmp_path, pipeline(stage("A", action("Use", says={"Text": "#{Nobody.SAID}"}))))
    record = played.carry("aaa")
    assert record.cause == "A: Use: refers to #{Nobody.SAID}, which no action before it gave"
    assert played.performed == []


def test_a_pipeline_that_changed_itself_begins_anew_with_the_new_stages(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.definitions = [updating("old", "Gone"), updating("new", "Come")]
    record = played.carry("aaa")
    assert [name for name, _ in played.performed] == ["SelfMutate", "SelfMutate", "Come"]
    assert (list(record.stages), record.restarts) == (["UpdatePipeline", "Come"], 1)


def test_artifacts_of_before_are_gone_when_it_begins_anew(tmp_path: Path) -> None:
    build = action("Synth", makes=["old"])
    played = Played(tmp_path)
    played.definitions = [pipeline(stage("B", build), stage("UpdatePipeline", action("U")), text="1")]
    played.definitions.append(updating("2"))
    record = played.carry("aaa")
    assert not (played.history.artifacts(record.id) / "old").exists()


def test_what_changes_in_projects_alone_is_taken_without_beginning_anew(tmp_path: Path) -> None:
    played = Played(tmp_path)
    project = Project(name="P", build_spec={}, variables={}, timeout_minutes=1)
    before = updating("same", "Local")
    played.definitions = [before, replace(before, projects={"P": project})]
    assert played.carry("aaa").restarts == 0
    assert [name for name, _ in played.performed] == ["SelfMutate", "Local"]


def test_a_pipeline_that_never_settles_fails(tmp_path: Path) -> None:
    played = Played(tmp_path)
    played.definitions = [updating(str(number)) for number in range(9)]
    record = played.carry("aaa")
    assert record.status is Status.FAILED
    assert "changed itself 4 times in a row: it never settles" in record.cause
    assert len(played.performed) == 4


def test_a_pipeline_that_cannot_be_read_fails_the_execution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(tmp_path)

    def unreadable() -> Definition:
        raise LocalError("nothing is deployed")

    monkeypatch.setattr(played, "current", unreadable)
    record = played.carry("aaa")
    assert (record.status, record.cause) == (Status.FAILED, "nothing is deployed")


def test_a_stage_knows_what_it_needs_of_those_before_it() -> None:
    made = stage("S", action("Make", makes=["m"], takes=["x"]), action("Use", order=2, takes=["m", "y"]))
    assert made.needs == ["x", "y"]
    assert [each.deploys for each in short().stages] == [False, False, True]
