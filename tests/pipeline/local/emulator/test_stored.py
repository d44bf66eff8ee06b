"""Types that the emulator does not know deploy, answer Ref and GetAtt, and go again."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from pipeline.local import control
from pipeline.local.layout import ROOT
from pipeline.local.platform import EMULATOR_PYTHON, environment
from tests.conftest import LoneRegion
from tests.pipeline.local.emulator.clouds import Stack

# As pipeline/local/emulator/stored.py has them, which only the emulator's own Python can import.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "AWS::Backup::BackupSelection": ("Id", "SelectionId", "BackupPlanId"),
    "AWS::Backup::RestoreTestingPlan": ("RestoreTestingPlanArn",),
    "AWS::Backup::RestoreTestingSelection": (),
    "AWS::CodeDeploy::Application": (),
    "AWS::CodeDeploy::DeploymentGroup": (),
    "AWS::CodePipeline::Pipeline": ("Version",),
    "AWS::FIS::ExperimentTemplate": ("Id",),
    "AWS::SSM::Document": (),
    "AWS::WAFv2::LoggingConfiguration": (),
    "AWS::WAFv2::WebACLAssociation": (),
}


def ids(type_: str) -> str:
    return type_.replace("AWS::", "").replace("::", "")


RESOURCES: dict[str, dict[str, Any]] = {
    ids(type_): {"Type": type_, "Properties": {"Size": 1}} for type_ in ATTRIBUTES
}
OUTPUTS: dict[str, Any] = {
    **{f"{ids(type_)}Ref": {"Ref": ids(type_)} for type_ in ATTRIBUTES},
    **{
        f"{ids(type_)}{attribute}": {"Fn::GetAtt": [ids(type_), attribute]}
        for type_, attributes in ATTRIBUTES.items()
        for attribute in attributes
    },
}


@pytest.fixture
def stack(lone_region: LoneRegion) -> Stack:
    return Stack(lone_region)


def test_the_types_are_those_that_the_region_says_it_stores(lone_region: LoneRegion) -> None:
    status = control.status(lone_region.place)
    assert status is not None
    assert sorted(status["stored_types"]) == sorted(ATTRIBUTES)
    assert set(ATTRIBUTES) < set(status["known_types"])


def test_every_stored_type_deploys_and_its_attributes_resolve(stack: Stack) -> None:
    assert stack.create(RESOURCES, OUTPUTS) == "CREATE_COMPLETE"
    outputs = stack.outputs()
    assert set(outputs) == set(OUTPUTS)
    for type_, attributes in ATTRIBUTES.items():
        physical_id = outputs[f"{ids(type_)}Ref"]
        assert physical_id.startswith(f"{ids(type_)}-")
        arn = f"arn:aws:backup:eu-west-1:000000000000:restore-testing-plan:{physical_id}"
        expected = arn if type_ == "AWS::Backup::RestoreTestingPlan" else physical_id
        assert {outputs[f"{ids(type_)}{attribute}"] for attribute in attributes} <= {expected}
    assert len({outputs[f"{ids(type_)}Ref"] for type_ in ATTRIBUTES}) == len(ATTRIBUTES)


def test_a_change_keeps_the_id_and_a_deletion_succeeds(stack: Stack) -> None:
    stack.create(RESOURCES, OUTPUTS)
    before = stack.outputs()
    changed = {name: {**resource, "Properties": {"Size": 2}} for name, resource in RESOURCES.items()}
    assert stack.update(changed, OUTPUTS) == "UPDATE_COMPLETE"
    assert stack.outputs() == before
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_name_that_a_template_chooses_is_the_id_and_another_one_replaces_it(stack: Stack) -> None:
    def application(name: str) -> dict[str, Any]:
        return {"One": {"Type": "AWS::CodeDeploy::Application", "Properties": {"ApplicationName": name}}}

    stack.create(application("releases"), {"Name": {"Ref": "One"}})
    assert stack.outputs() == {"Name": "releases"}
    stack.update(application("renamed"), {"Name": {"Ref": "One"}})
    assert stack.outputs() == {"Name": "renamed"}


def test_a_type_that_nobody_stores_fails_the_stack(stack: Stack) -> None:
    with pytest.raises(Exception, match="AWS::FIS::TargetAccountConfiguration"):
        stack.create({"One": {"Type": "AWS::FIS::TargetAccountConfiguration"}})


def test_a_type_that_the_emulator_learnt_is_left_to_it() -> None:
    script = """
from ministack.services.cloudformation import provisioners
from pipeline.local.emulator import stored
own = provisioners._RESOURCE_HANDLERS["AWS::FIS::ExperimentTemplate"] = {"create": print}
assert "AWS::FIS::ExperimentTemplate" not in stored.register()
assert provisioners._RESOURCE_HANDLERS["AWS::FIS::ExperimentTemplate"] is own
assert stored.register() == []
"""
    command = [str(ROOT / EMULATOR_PYTHON), "-c", script]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True)  # noqa: S603
