"""The runner is put together for a platform that runs, and takes over what was deployed to it by hand."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import carrying
from pipeline.local.runner.action import Performer, Work
from pipeline.local.runner.approval import Nobody
from pipeline.local.runner.definition import Action
from pipeline.local.runner.process import Process
from pipeline.local.runner.record import Record, Status
from pipeline.local.service import Service
from tests.pipeline.local.cloud import Assembly
from tests.pipeline.local.runner.staged import action, pipeline, short, stage

DEPLOYS = pipeline(
    stage("Local", action("Deploy", category="Deploy", takes=["built"], says={"TemplatePath": "built::T"}))
)


@pytest.mark.parametrize(
    ("down", "words"), [(["dns"], "lacks dns"), (["primary", "front-door"], "lacks primary, front-door")]
)
def test_a_process_that_does_not_run_is_named(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, down: list[str], words: str
) -> None:
    monkeypatch.setattr(Service, "process", property(lambda self: None if self.name in down else object()))
    with pytest.raises(LocalError, match=f"{words}: start it with `make up`, then push again"):
        carrying.require_running(layout)


def test_a_platform_whose_processes_all_run_takes_pushes(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service, "process", property(lambda _: object()))
    carrying.require_running(layout)


def test_a_commit_that_is_to_be_carried_is_described_and_belongs_to_this_process(
    layout: Layout, commit: str
) -> None:
    record = carrying.queued(layout, commit)
    assert (record.commit, record.subject, record.status) == (commit, "Begin", Status.QUEUED)
    assert 0 <= record.pushed_at - record.committed_at < 60
    assert record.process == Process.this()


def test_an_unknown_commit_cannot_be_carried(layout: Layout) -> None:
    with pytest.raises(LocalError, match="git log"):
        carrying.queued(layout, "f" * 40)


def knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "deployed", lambda _: DEPLOYS)


def test_what_make_up_deployed_can_be_rolled_back_to(
    layout: Layout, commit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(monkeypatch)
    Assembly(layout).add("LocalData", "eu-west-1")
    address = str(layout.state / "pipeline" / "repository.git")
    assert carrying.adopt(layout, anew=True) == address
    good = carrying.history(layout).last_good("Local")
    assert good is not None
    assert good.commit == commit


@pytest.mark.parametrize(("anew", "more"), [(True, 1), (False, 0)])
def test_what_was_there_already_is_not_adopted_again(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, anew: bool, more: int
) -> None:
    knows(monkeypatch)
    Assembly(layout).add("LocalData", "eu-west-1")
    carrying.adopt(layout, anew=False)
    assert len(carrying.history(layout).records()) == 1
    carrying.adopt(layout, anew=anew)
    assert len(carrying.history(layout).records()) == 1 + more


def test_to_adopt_drops_what_is_of_no_more_use(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    knows(monkeypatch)
    Assembly(layout).add("LocalData", "eu-west-1")
    history = carrying.history(layout)
    for number in range(11):
        queued = Record.queued(commit="a", subject="", committed_at=1.0, pushed_at=float(number))
        history.write(replace(queued, status=Status.FAILED))
        history.artifacts(queued.id).mkdir()
    carrying.adopt(layout, anew=True)
    kept = [history.artifacts(record.id).exists() for record in history.records()]
    assert kept == [False, False, *[True] * 10]


def test_a_folder_that_is_no_clone_has_nothing_to_push_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(monkeypatch)
    (tmp_path / "home").write_text(str(tmp_path))
    layout = Layout(state=tmp_path)
    assert carrying.adopt(layout, anew=True) is None
    assert carrying.history(layout).records() == []


def test_an_execution_keeps_its_record_and_holds_the_lock_of_the_platform(
    layout: Layout, commit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    held: list[bool] = []

    async def perform(action: Action, work: Work) -> Mapping[str, str]:
        for name in action.outputs:
            work.artifact(name).mkdir(parents=True)
        with layout.execution_lock.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held.append(False)
            except BlockingIOError:
                held.append(True)
        return {}

    @asynccontextmanager
    async def performing(of: Layout) -> AsyncIterator[Performer]:
        assert of == layout
        yield perform

    async def work() -> Record:
        async with carrying.engine(layout, Nobody(), said.append) as engine:
            assert engine.is_ancestor(commit, commit)
            assert not engine.is_ancestor("f" * 40, commit)
            return await engine.carry(carrying.queued(layout, commit))

    monkeypatch.setattr(carrying, "performing", performing)
    monkeypatch.setattr(carrying, "deployed", lambda of: short() if of == layout else None)
    record = carrying.interruptible(work)
    assert record.status is Status.SUCCEEDED
    assert carrying.history(layout).records() == [record]
    assert held == [True] * 3
    assert "Stage Local" in said


def test_what_was_deployed_and_not_adopted_then_is_adopted_by_the_next_call(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(monkeypatch)
    file = Assembly(layout).add("LocalData", "eu-west-1")
    carrying.adopt(layout, anew=True)
    file.write_text('{"Resources": {"New": {"Type": "T"}}}')  # deployed, and killed before it was told
    carrying.adopt(layout, anew=False)
    assert len(carrying.history(layout).records()) == 2
    carrying.adopt(layout, anew=False)
    assert len(carrying.history(layout).records()) == 2
