"""Change sets are made and executed as CodePipeline does it, in an emulated Region."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from pipeline.local.runner import change_sets
from pipeline.local.runner.action import ActionFailed
from pipeline.local.runner.stacks import Stacks
from tests.conftest import LoneRegion
from tests.pipeline.local.runner.works import action, work

TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "one"}}
BROKEN = {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": {"Type": "NONE"}}}
OUTPUTS = {"Name": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}}
PARAMETERS = {"Shown": {"Type": "String", "Default": "default"}}


class Stage:
    """A stack of its own name, with a template in an artifact."""

    def __init__(self, region: LoneRegion, tmp_path: Path) -> None:
        self.stacks = Stacks(region.place)
        self.name = f"stage-{uuid4().hex[:8]}"
        self.work = work(tmp_path, layout=region.layout)
        self.work.log.parent.mkdir()
        self.work.artifact("Synth").mkdir(parents=True)

    def template(self, resources: dict[str, Any], **sections: Any) -> None:  # noqa: ANN401 - as templates are
        file = self.work.artifact("Synth") / "t.json"
        file.write_text(json.dumps({"Resources": resources, **sections}))

    async def perform(self, mode: str, **more: str) -> tuple[dict[str, str], bool]:
        given = {"ActionMode": mode, "StackName": self.name, "ChangeSetName": "Change", **more}
        asked = action("Deploy", "CloudFormation", given, inputs=["Synth"])
        outputs, changed = await change_sets.perform(asked, self.work, stacks=self.stacks)
        return dict(outputs), changed

    async def prepare(self, **more: str) -> None:
        made = await self.perform("CHANGE_SET_REPLACE", **{"TemplatePath": "Synth::t.json"} | more)
        assert made == ({}, False)

    async def execute(self) -> tuple[dict[str, str], bool]:
        return await self.perform("CHANGE_SET_EXECUTE")

    async def deploy(self, **more: str) -> tuple[dict[str, str], bool]:
        await self.prepare(**more)
        return await self.execute()

    async def status(self) -> str:
        found = await self.stacks.stack(self.name)
        return found.status if found else "none"


@pytest.fixture
def stage(lone_region: LoneRegion, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(lone_region, tmp_path)
    stage.template({"Topic": TOPIC}, Outputs=OUTPUTS)
    yield stage
    stage.stacks.close()


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scene())


def changed(name: str) -> dict[str, Any]:
    return {"Topic": {**TOPIC, "Properties": {"DisplayName": name}}}


def test_a_stack_is_created_changed_and_left_alone_where_nothing_changes(stage: Stage) -> None:
    async def scene() -> None:
        outputs, first = await stage.deploy(Capabilities="CAPABILITY_NAMED_IAM,CAPABILITY_AUTO_EXPAND")
        assert (first, outputs["Name"].startswith(stage.name)) == (True, True)
        assert await stage.deploy() == (outputs, False)
        assert await stage.status() == "CREATE_COMPLETE"
        stage.template(changed("two"), Outputs=OUTPUTS)
        assert await stage.deploy() == (outputs, True)
        assert await stage.status() == "UPDATE_COMPLETE"

    run(scene)


def test_a_change_set_that_was_never_executed_is_replaced(stage: Stage) -> None:
    async def scene() -> None:
        await stage.prepare()
        stage.template({"Topic": TOPIC}, Outputs={"Second": {"Value": "2"}})
        assert await stage.deploy() == ({"Second": "2"}, True)

    run(scene)


def test_a_stack_whose_creation_failed_is_created_again(stage: Stage) -> None:
    async def scene() -> None:
        stage.template({"Broken": BROKEN})
        with pytest.raises(
            ActionFailed,
            match=r"ROLLBACK_COMPLETE: Broken \(AWS::Route53::HealthCheck\): .*is not a type of health check",
        ):
            await stage.deploy()
        stage.template({"Topic": TOPIC})
        await stage.deploy()
        assert await stage.status() == "CREATE_COMPLETE"

    run(scene)


def test_a_change_that_fails_names_what_failed_and_leaves_the_stack_as_it_was(stage: Stage) -> None:
    async def scene() -> None:
        await stage.deploy()
        stage.template({"Topic": TOPIC, "Broken": BROKEN})
        with pytest.raises(
            ActionFailed, match=r"UPDATE_ROLLBACK_COMPLETE: Broken \(AWS::Route53::HealthCheck\)"
        ):
            await stage.deploy()
        assert await stage.status() == "UPDATE_ROLLBACK_COMPLETE"

    run(scene)


def test_parameters_are_given(stage: Stage) -> None:
    async def scene() -> None:
        stage.template(
            {"Topic": TOPIC}, Parameters=PARAMETERS, Outputs={"Shown": {"Value": {"Ref": "Shown"}}}
        )
        assert await stage.deploy(ParameterOverrides='{"Shown": "given"}') == ({"Shown": "given"}, True)

    run(scene)


def test_a_template_too_large_for_a_request_goes_by_way_of_a_bucket_and_leaves_nothing(stage: Stage) -> None:
    async def scene() -> None:
        for name in ("one", "two"):  # the second time the bucket is there
            stage.template(changed(name), Metadata={"Padding": "x" * change_sets.LARGEST_BODY})
            assert (await stage.deploy())[1]
        listed = await stage.stacks.call(
            stage.stacks.s3.list_objects_v2, Bucket=f"codepipeline-{stage.stacks.region.name}"
        )
        assert listed["KeyCount"] == 0

    run(scene)


def test_a_cancelled_execution_returns_when_the_stack_is_at_rest(stage: Stage) -> None:
    async def scene() -> None:
        waiting = {"Handle": {"Ref": "Handle"}, "Timeout": "1"}
        stage.template(
            {
                "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
                "Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": waiting},
            }
        )
        await stage.prepare()
        running = asyncio.ensure_future(stage.execute())
        while (await stage.stacks.statuses())[stage.name] != "CREATE_IN_PROGRESS":
            await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (await stage.stacks.statuses())[stage.name] == "ROLLBACK_COMPLETE"

    run(scene)


@pytest.mark.parametrize(
    ("mode", "more", "named"),
    [
        ("CREATE_UPDATE", {}, "CREATE_UPDATE"),
        ("CHANGE_SET_REPLACE", {"TemplateConfiguration": "Synth::c.json"}, "TemplateConfiguration"),
        ("CHANGE_SET_REPLACE", {"TemplatePath": "Synth::none.json"}, "no template Synth::none.json"),
        ("CHANGE_SET_REPLACE", {"TemplatePath": "Synth::t.json", "ParameterOverrides": "{"}, "not JSON"),
        ("CHANGE_SET_EXECUTE", {}, "does not exist"),
    ],
)
def test_what_cannot_be_done_is_named(stage: Stage, mode: str, more: dict[str, str], named: str) -> None:
    async def scene() -> None:
        with pytest.raises(ActionFailed, match=named):
            await stage.perform(mode, **more)

    run(scene)


def test_a_region_that_does_not_answer_is_a_failure(lone_region: LoneRegion) -> None:
    async def scene() -> None:
        stacks = Stacks(lone_region.layout.secondary)
        with pytest.raises(ActionFailed, match="The secondary Region does not answer"):
            await stacks.stack("any")
        stacks.close()

    run(scene)
