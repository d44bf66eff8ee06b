"""A template of CDK Pipelines is read for what it says, and refused for what cannot be done here."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.local.runner.declared import read
from pipeline.local.runner.definition import Definition, DefinitionError
from tests.stacks.assembly import Assembly

SPEC = {"version": "0.2", "phases": {"build": {"commands": ["make"]}}}


def code_build(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    type_ = {"Category": "Build", "Owner": "AWS", "Provider": "CodeBuild", "Version": "1"}
    base = {"ActionTypeId": type_, "Name": name, "Configuration": {"ProjectName": {"Ref": "Made"}}}
    return base | more


def template() -> dict[str, Any]:
    connection = {"Category": "Source", "Owner": "AWS", "Provider": "CodeStarSourceConnection"}
    source = {"Name": "Source", "ActionTypeId": connection, "Configuration": {"BranchName": "main"}}
    pipeline = {
        "ExecutionMode": "QUEUED",
        "RestartExecutionOnUpdate": True,
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Stages": [
            {"Name": "Source", "Actions": [source]},
            {"Name": "Build", "Actions": [code_build("A")], "OnFailure": {"Result": "ROLLBACK"}},
        ],
    }
    environment = {"EnvironmentVariables": [{"Name": "WHERE", "Value": {"Ref": "AWS::Region"}}]}
    project = {"Source": {"Type": "CODEPIPELINE", "BuildSpec": json.dumps(SPEC)}, "Environment": environment}
    return {
        "Resources": {
            "Pipe": {"Type": "AWS::CodePipeline::Pipeline", "Properties": pipeline},
            "Made": {"Type": "AWS::CodeBuild::Project", "Properties": project},
        }
    }


def changed(path: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The template with another value at a path, such as `Pipe.Stages.1.Name`."""
    whole = template()
    resource, *keys, last = path.split(".")
    at: Any = whole["Resources"][resource]["Properties"]
    for key in keys:
        at = at[int(key) if key.isdigit() else key]
    at[last] = value
    return whole


def parsed(given: Mapping[str, Any]) -> Definition:
    return read(given, account="000000000000", region="eu-west-1")


@pytest.fixture(scope="module")
def real(assembly: Assembly) -> Definition:
    return parsed(assembly.pipeline["Pipeline"].template)


def test_the_real_pipeline_is_read_whole(real: Definition) -> None:
    names = [stage.name for stage in real.stages]
    assert names[:4] == ["Source", "Build", "UpdatePipeline", "Assets"]
    assert [stage.name for stage in real.stages if stage.deploys] == ["UpdatePipeline", "Beta", "Prod"]
    assert not real.stages[0].rolls_back
    builds = [each for stage in real.stages for each in stage.actions if each.provider == "CodeBuild"]
    assert {each.configuration["ProjectName"] for each in builds} == set(real.projects)


def test_the_real_pipeline_has_every_reference_resolved(real: Definition) -> None:
    for stage in real.stages:
        for action in stage.actions:
            assert all(isinstance(value, str) for value in action.configuration.values())
            assert "arn:aws:iam" in action.configuration.get("RoleArn", "arn:aws:iam")
    synth = next(each for name, each in real.projects.items() if "Synth" in name)
    assert json.loads(synth.variables["CDK_CONTEXT_JSON"])
    assert synth.build_spec["artifacts"]["base-directory"] == "cdk.out"


def test_a_buildspec_that_is_a_file_of_the_assembly_is_named(real: Definition) -> None:
    (assets,) = (each for name, each in real.projects.items() if "Assets" in name)
    assert assets.build_spec_file.startswith("buildspec-")
    assert not assets.build_spec


def test_projects_and_actions_are_what_the_template_says() -> None:
    definition = parsed(template())
    made = definition.projects["Made"]
    assert (made.build_spec, made.variables, made.timeout_minutes) == (SPEC, {"WHERE": "eu-west-1"}, 60)
    (action,) = definition.stages[1].actions
    assert (action.run_order, action.configuration) == (1, {"ProjectName": "Made"})
    assert definition.stages[1].rolls_back


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Ref": "Thing"}, "Thing"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "${Role.Arn}"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::AccountId"}]]}, "a-000000000000"),
        ({"Fn::Sub": "${AWS::Partition}:${A.Arn}:${!B}"}, "aws:${A.Arn}:${B}"),
        ({"Fn::Sub": ["${x}", {"x": {"Ref": "AWS::Region"}}]}, "eu-west-1"),
        ({"Fn::ImportValue": "other"}, "${Fn::ImportValue}"),
        (True, "true"),
    ],
)
def test_functions_are_resolved_or_stay_readable(value: object, text: str) -> None:
    definition = parsed(changed("Pipe.Stages.1.Actions.0.Configuration", {"K": value}))
    assert definition.stages[1].actions[0].configuration["K"] == text


def test_what_is_set_to_no_value_is_not_set() -> None:
    assert parsed(changed("Pipe.Triggers", {"Ref": "AWS::NoValue"})).text == parsed(template()).text


def test_a_push_to_the_branch_is_the_one_trigger_there_is() -> None:
    push = {"Push": [{"Branches": {"Includes": ["main"]}}], "SourceActionName": "Source"}
    assert parsed(changed("Pipe.Triggers", [{"GitConfiguration": push}])).stages


def test_the_text_changes_with_the_pipeline_and_not_with_its_projects() -> None:
    text = parsed(template()).text
    assert parsed(changed("Pipe.Stages.1.Name", "Other")).text != text
    assert parsed(changed("Pipe.Tags", [])).text == text
    assert parsed(changed("Made.TimeoutInMinutes", 5)).text == text


def variable(type_: str, *, spelled: str = "Type") -> dict[str, str]:
    keys = {"Name": "A", "Value": "a"} if spelled == "Type" else {"name": "A", "value": "a"}
    return keys | {spelled: type_}


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("Pipe.ExecutionMode", "PARALLEL", "ExecutionMode PARALLEL"),
        ("Pipe.Variables", [{"Name": "V"}], "Variables"),
        ("Pipe.DisableInboundStageTransitions", [{}], "DisableInboundStageTransitions"),
        ("Pipe.Triggers", [{"GitConfiguration": {"Push": [{"Tags": {"Includes": ["v*"]}}]}}], "Triggers"),
        ("Pipe.Stages.1.BeforeEntry", {"Conditions": []}, "Stage Build: BeforeEntry"),
        ("Pipe.Stages.1.OnSuccess", {"Conditions": []}, "Stage Build: OnSuccess"),
        ("Pipe.Stages.1.Blockers", [{}], "Stage Build: Blockers"),
        ("Pipe.Stages.1.OnFailure", {"Conditions": []}, "OnFailure: Conditions"),
        ("Pipe.Stages.1.OnFailure", {"RetryConfiguration": {}}, "OnFailure: RetryConfiguration"),
        ("Pipe.Stages.1.OnFailure", {"Result": "RETRY"}, "OnFailure.Result RETRY"),
        ("Pipe.Stages.1.Actions", [code_build("A", TimeoutInMinutes=5)], "action A: TimeoutInMinutes"),
        ("Pipe.Stages.1.Actions", [code_build("A", Commands=["ls"])], "action A: Commands"),
        (
            "Pipe.Stages.1.Actions.0.Configuration.EnvironmentVariables",
            json.dumps([variable("SECRETS_MANAGER", spelled="type")]),
            "variable A of type SECRETS_MANAGER",
        ),
        ("Pipe.Stages.1.Actions.0.Configuration.NotificationArn", "arn:x", "NotificationArn"),
        ("Made.Environment.EnvironmentVariables", [variable("PARAMETER_STORE")], "type PARAMETER_STORE"),
        ("Made.Environment.PrivilegedMode", True, "PrivilegedMode"),
        ("Made.VpcConfig", {}, "Project Made: VpcConfig"),
        ("Made.Source.Type", "GITHUB", "Source.Type GITHUB"),
        ("Made.Source.BuildSpec", "version: 0.2\nphases: {}", "not JSON"),
        ("Made.Source.BuildSpec", "[1]", "not JSON"),
        ("Pipe.Stages.1.Actions.0.ActionTypeId", {"Category": "Build"}, "cannot be read|can be read"),
    ],
)
def test_what_would_not_be_followed_is_refused_by_its_name(path: str, value: object, named: str) -> None:
    with pytest.raises(DefinitionError, match=named):
        parsed(changed(path, value))


def test_a_pipeline_that_updates_itself_must_begin_anew_for_it() -> None:
    whole = changed("Pipe.RestartExecutionOnUpdate", False)
    assert parsed(copy.deepcopy(whole)).stages
    whole["Resources"]["Pipe"]["Properties"]["Stages"][1]["Name"] = "UpdatePipeline"
    with pytest.raises(DefinitionError, match="RestartExecutionOnUpdate"):
        parsed(whole)


@pytest.mark.parametrize("resources", [{}, {"A": {"Type": "AWS::CodeBuild::Project"}}])
def test_a_template_without_a_pipeline_declares_none(resources: Mapping[str, Any]) -> None:
    with pytest.raises(DefinitionError, match="one pipeline, not 0"):
        parsed({"Resources": resources})
