"""What `make up` deployed can be rolled back to, and what a push deployed is kept for `make up`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.assembly import fingerprint, stacks_of, stacks_of_no_stage
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import source, standing
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Record, StageRecord, Status
from tests.pipeline.local.cloud import Assembly
from tests.pipeline.local.runner.commits import files
from tests.pipeline.local.runner.staged import action, pipeline, stage

DEPLOYS = stage(
    "Local",
    action("Deploy", category="Deploy", takes=["built"], says={"TemplatePath": "built::a/T.template.json"}),
    action("Gate", order=2, takes=["code"]),
)
DEFINITION = pipeline(DEPLOYS)


@pytest.fixture
def history(layout: Layout) -> History:
    return History(layout.state / "pipeline" / "executions")


def passed(history: History, assembly: dict[str, str], *, stage: str = "Local", at: float = 3.0) -> Record:
    """An execution that passed a stage, with the assembly that it deployed from."""
    queued = Record.queued(commit="abc", subject="Do", committed_at=1.0, pushed_at=at)
    well = StageRecord(status=Status.SUCCEEDED, began_at=at, ended_at=at)
    record = replace(queued, status=Status.SUCCEEDED, began_at=at, stages={stage: well})
    history.write(record)
    for name, content in assembly.items():
        file = history.artifacts(record.id) / "built" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return record


def another(layout: Layout, **resources: object) -> dict[str, str]:
    """The files of an assembly with other resources than the layout's own has."""
    whole = files(layout.assembly)
    path = "assembly-LocalData/LocalDataStack.template.json"
    return {**whole, path: json.dumps({"Resources": resources})}


def test_what_was_deployed_by_hand_is_a_passed_execution_with_all_that_its_stage_needs(
    layout: Layout, commit: str, history: History
) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    standing.adopt(layout, history, DEFINITION, commit)
    good = history.last_good("Local")
    assert good is not None
    assert (good.commit, good.subject, list(good.stages)) == (commit, "Begin", ["Local"])
    kept = history.artifacts(good.id)
    assert sorted(each.name for each in kept.iterdir()) == ["built", "code"]
    assert files(kept / "built") == files(layout.assembly)
    assert source.commit_of(kept / "code") == commit


def test_a_later_synthesis_does_not_change_what_was_adopted(
    layout: Layout, commit: str, history: History
) -> None:
    file = Assembly(layout).add("LocalData", "eu-west-1")
    standing.adopt(layout, history, DEFINITION, commit)
    good = history.last_good("Local")
    assert good is not None
    before = files(history.artifacts(good.id))
    file.write_text("another")
    assert files(history.artifacts(good.id)) == before


def test_a_pipeline_without_the_deployment_adopts_and_settles_nothing(
    layout: Layout, commit: str, history: History
) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    before = files(layout.assembly)
    passed(history, another(layout, New={"Type": "T"}))
    without = pipeline(stage("Localprod", action("Deploy", category="Deploy")))
    standing.adopt(layout, history, without, commit)
    standing.settle(layout, history, without)
    assert len(history.records()) == 1
    assert files(layout.assembly) == before


def test_a_commit_that_the_repository_has_not_is_adopted_by_nobody(layout: Layout, history: History) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    with pytest.raises(LocalError, match="git log"):
        standing.adopt(layout, history, DEFINITION, "f" * 40)
    assert history.records() == []


def deployed(layout: Layout) -> str:
    return (layout.state / "deployed").read_text()


def test_the_assembly_of_the_last_execution_that_passed_is_kept_as_deployed(
    layout: Layout, history: History
) -> None:
    assembly = Assembly(layout)
    assembly.add("LocalData", "eu-west-1")
    assembly.carry("LocalPipeline", "eu-west-1")
    new = another(layout, New={"Type": "T"})
    passed(history, {"old": "x"}, at=2.0)
    passed(history, new)
    standing.settle(layout, history, DEFINITION)
    assert files(layout.assembly) == new
    assert deployed(layout) == fingerprint([*stacks_of(layout), *stacks_of_no_stage(layout.assembly)])


def test_an_execution_that_failed_there_changes_nothing(layout: Layout, history: History) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    before = files(layout.assembly)
    passed(history, another(layout, New={"Type": "T"}), stage="Build")
    standing.settle(layout, history, DEFINITION)
    assert files(layout.assembly) == before
    assert not (layout.state / "deployed").exists()


def test_an_assembly_that_is_kept_already_is_left_alone(layout: Layout, history: History) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    passed(history, files(layout.assembly))
    (layout.assembly / "beside").write_text("as it was")
    standing.settle(layout, history, DEFINITION)
    assert (layout.assembly / "beside").exists()
    assert deployed(layout) == fingerprint(stacks_of(layout))


def test_what_failed_and_was_not_rolled_back_is_not_taken_for_deployed(
    layout: Layout, history: History
) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    passed(history, files(layout.assembly))
    broken = StageRecord(status=Status.FAILED, began_at=9.0)
    history.write(
        replace(
            Record.queued(commit="b" * 40, subject="", committed_at=9.0, pushed_at=9e9),
            stages={"Local": broken},
        )
    )
    standing.settle(layout, history, DEFINITION)
    assert not (layout.state / "deployed").exists()


def test_an_execution_whose_assembly_was_dropped_changes_nothing(layout: Layout, history: History) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    before = files(layout.assembly)
    passed(history, {})
    standing.settle(layout, history, DEFINITION)
    assert files(layout.assembly) == before


def test_a_copy_that_breaks_off_is_not_taken_for_deployed(
    layout: Layout, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    passed(history, another(layout, New={"Type": "T"}))
    (layout.state / "deployed").write_text("before")

    def full(*_: object, **__: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.local.runner.artifacts.copied", full)
    with pytest.raises(OSError, match="No space left"):
        standing.settle(layout, history, DEFINITION)
    assert not (layout.state / "deployed").exists()


def test_an_artifact_that_no_template_comes_from_is_no_assembly(layout: Layout, history: History) -> None:
    Assembly(layout).add("LocalData", "eu-west-1")
    unnamed = pipeline(stage("Local", action("Deploy", category="Deploy", takes=["built"])))
    before = files(layout.assembly)
    passed(history, another(layout, New={"Type": "T"}))
    standing.settle(layout, history, unnamed)
    assert files(layout.assembly) == before


def test_what_was_adopted_is_what_a_rollback_brings_back(
    layout: Layout, commit: str, history: History
) -> None:
    file = Assembly(layout).add("LocalData", "eu-west-1")
    assert not standing.is_adopted(layout, history, DEFINITION)
    standing.adopt(layout, history, DEFINITION, commit)
    assert standing.is_adopted(layout, history, DEFINITION)
    file.write_text("another")
    assert not standing.is_adopted(layout, history, DEFINITION)


def test_a_pipeline_without_the_deployment_has_nothing_to_adopt(layout: Layout, history: History) -> None:
    without = pipeline(stage("Localprod", action("Deploy", category="Deploy")))
    assert standing.is_adopted(layout, history, without)
