"""What stands is saved by both Regions, and only then is it what `make up` has deployed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.local import control
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout, RegionPlace
from pipeline.local.runner import carrying
from pipeline.local.runner.record import Record, StageRecord, Status
from tests.pipeline.local.cloud import Assembly
from tests.pipeline.local.runner.pushable import pushable
from tests.pipeline.local.runner.staged import action, pipeline, stage

DEPLOYS = pipeline(
    stage("Local", action("Deploy", category="Deploy", takes=["built"], says={"TemplatePath": "built::T"}))
)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return pushable(tmp_path)[0]


def settled(layout: Layout) -> bool:
    return (layout.state / "deployed").exists()


def passed(layout: Layout) -> None:
    """Have an execution pass with another assembly than the one that is kept."""
    Assembly(layout).add("LocalData", "eu-west-1")
    history = carrying.history(layout)
    well = StageRecord(status=Status.SUCCEEDED, began_at=1.0, ended_at=1.0)
    queued = Record.queued(commit="a", subject="", committed_at=1.0, pushed_at=1.0)
    record = replace(queued, status=Status.SUCCEEDED, stages={"Local": well})
    history.write(record)
    built = history.artifacts(record.id) / "built"
    built.mkdir(parents=True)
    (built / "manifest.json").write_text('{"artifacts": {}}')


def test_both_regions_save_before_the_assembly_is_kept_as_deployed(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "deployed", lambda _: DEPLOYS)
    passed(layout)
    saved: list[tuple[str, bool]] = []
    monkeypatch.setattr(control, "checkpoint", lambda place: saved.append((place.role, settled(layout))))
    asyncio.run(carrying.settle(layout))
    assert sorted(saved) == [("primary", False), ("secondary", False)]
    assert settled(layout)


def test_nothing_is_kept_as_deployed_that_a_region_did_not_save(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(place: RegionPlace) -> None:
        raise LocalError(f"{place.role} is full")

    monkeypatch.setattr(carrying, "deployed", lambda _: DEPLOYS)
    passed(layout)
    monkeypatch.setattr(control, "checkpoint", refuse)
    with pytest.raises(LocalError, match="is full"):
        asyncio.run(carrying.settle(layout))
    assert not settled(layout)
