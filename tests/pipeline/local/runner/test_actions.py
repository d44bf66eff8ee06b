"""Each kind of action goes to what performs it, and what goes wrong is an action's failure."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.local import routing
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import builds, change_sets, source
from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.actions import Actions
from pipeline.local.runner.stacks import Stacks
from tests.pipeline.local.cloud import Assembly
from tests.pipeline.local.runner.works import action, work


class World:
    """A platform whose parts are played."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.work = work(tmp_path)
        self.layout: Layout = self.work.layout
        self.done: list[str] = []
        self.routed = 0
        self.statuses: dict[str, dict[str, str]] = {region.name: {} for region in self.layout.regions}
        monkeypatch.setattr(source, "perform", self._noting("source"))
        monkeypatch.setattr(builds, "perform", self._noting("build"))
        monkeypatch.setattr(change_sets, "perform", self._deploy)
        monkeypatch.setattr(routing, "write", self._route)

        async def statuses(stacks: Stacks) -> Mapping[str, str]:
            return self.statuses[stacks.region.name]

        monkeypatch.setattr(Stacks, "statuses", statuses)

    def _noting(self, name: str) -> object:
        async def perform(*_: object, **__: object) -> Mapping[str, str]:
            self.done.append(name)
            return {"BY": name}

        return perform

    async def _deploy(self, *_: object, stacks: Stacks) -> tuple[Mapping[str, str], bool]:
        self.done.append(f"deploy {stacks.region.name}")
        return {"Output": "1"}, True

    def _route(self, _: Layout) -> None:
        self.routed += 1

    def perform(
        self, category: str, provider: str, *, stack: str = "S", region: str | None = None
    ) -> dict[str, str]:
        async def scene() -> Mapping[str, str]:
            performed = Actions(self.layout, endpoint="http://here")
            try:
                asked = action(category, provider, {"StackName": stack}, region=region)
                return await performed.perform(asked, self.work)
            finally:
                performed.close()

        return dict(asyncio.run(scene()))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("category", "provider", "by"),
    [("Source", "CodeStarSourceConnection", "source"), ("Build", "CodeBuild", "build")],
)
def test_each_kind_goes_to_what_performs_it(world: World, category: str, provider: str, by: str) -> None:
    assert world.perform(category, provider) == {"BY": by}
    assert world.done == [by]


@pytest.mark.parametrize("kind", [("Invoke", "Lambda"), ("Build", "Jenkins"), ("Approval", "Manual")])
def test_another_kind_is_refused_by_its_name(world: World, kind: tuple[str, str]) -> None:
    said = f"Action Action of stage Stage is a {kind[0]} by {kind[1]}, which this machine does not do."
    with pytest.raises(ActionFailed, match=f"^{said}$"):
        world.perform(*kind)
    assert world.done == []


def test_a_stack_is_changed_in_the_actions_region_or_the_pipelines(world: World) -> None:
    assert world.perform("Deploy", "CloudFormation") == {"Output": "1"}
    world.perform("Deploy", "CloudFormation", region="eu-central-1")
    assert world.done == ["deploy eu-west-1", "deploy eu-central-1"]
    with pytest.raises(ActionFailed, match="no Region us-east-2 on this machine"):
        world.perform("Deploy", "CloudFormation", region="us-east-2")


def test_routes_are_written_when_the_last_stack_of_the_layout_is_there(world: World) -> None:
    assembly = Assembly(world.layout)
    assembly.add("LocalData", "eu-west-1")
    assembly.add("LocalSecondary", "eu-central-1")
    own = "LocalData-Stack"
    world.statuses["eu-west-1"] = {own: "UPDATE_COMPLETE", "LocalSecondary-Stack": "CREATE_COMPLETE"}
    world.perform("Deploy", "CloudFormation", stack=own)
    world.statuses["eu-central-1"] = {"LocalSecondary-Stack": "UPDATE_IN_PROGRESS"}
    world.perform("Deploy", "CloudFormation", stack=own)
    assert world.routed == 0
    world.statuses["eu-central-1"] = {"LocalSecondary-Stack": "UPDATE_COMPLETE"}
    world.perform("Deploy", "CloudFormation", stack=own, region="eu-central-1")  # none of this name there
    assert world.routed == 0
    world.perform("Deploy", "CloudFormation", stack=own)
    assert world.routed == 1


@pytest.mark.parametrize("error", [LocalError("the disk is full"), OSError("the disk is full")])
def test_what_goes_wrong_on_this_machine_is_the_actions_failure(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def perform(*_: object, **__: object) -> Mapping[str, str]:
        raise error

    monkeypatch.setattr(builds, "perform", perform)
    with pytest.raises(ActionFailed, match="the disk is full"):
        world.perform("Build", "CodeBuild")


def test_what_a_killed_program_left_of_its_builds_is_removed(world: World) -> None:
    left = builds.folder(world.layout) / "left"
    left.mkdir(parents=True)
    world.perform("Build", "CodeBuild")
    assert not left.exists()
