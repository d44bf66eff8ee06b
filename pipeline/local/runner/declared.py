"""Reads a pipeline from its template, and refuses what could not be performed here as it is declared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.local.runner.definition import (
    SELF_UPDATE,
    Action,
    Definition,
    DefinitionError,
    Stage,
)
from pipeline.local.runner.intrinsics import Intrinsics
from pipeline.local.runner.project import allow, project, variables

Declared = Mapping[str, Any]

# What says where, as whom and under which name it is performed on AWS, which is of no matter here.
PLACE = ("ArtifactStore", "ArtifactStores", "Name", "PipelineType", "RoleArn", "Tags")
PIPELINE = (*PLACE, "ExecutionMode", "RestartExecutionOnUpdate", "Stages", "Triggers")
STAGE = ("Actions", "Name", "OnFailure")
ACTION = (
    "ActionTypeId",
    "Configuration",
    "InputArtifacts",
    "Name",
    "Namespace",
    "OutputArtifacts",
    "Region",
    "RoleArn",
    "RunOrder",
)


def read(template: Mapping[str, Any], *, account: str, region: str) -> Definition:
    """Return the one pipeline of a template, with the projects that are declared beside it.

    `account` and `region` are those of the pipeline's stack. A property that would change what happens, and
    that is not followed here, is refused rather than passed over.

    Raises:
        DefinitionError: there is not one pipeline, or it asks for what cannot be done here.
    """
    resolve = Intrinsics(account=account, region=region).resolve
    resources = template.get("Resources", {})

    def declared(type_: str) -> Mapping[str, Any]:
        found = {name: each for name, each in resources.items() if each.get("Type") == type_}
        return {name: resolve(each.get("Properties", {})) for name, each in found.items()}

    pipelines = declared("AWS::CodePipeline::Pipeline")
    if len(pipelines) != 1:
        raise DefinitionError(f"The template must declare one pipeline, not {len(pipelines)}.")
    (properties,) = pipelines.values()
    try:
        projects = {name: project(name, each) for name, each in declared("AWS::CodeBuild::Project").items()}
        stages = _stages(properties)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DefinitionError(f"The template declares no pipeline that can be read: {error!r}") from error
    text = json.dumps({name: each for name, each in properties.items() if name != "Tags"}, sort_keys=True)
    return Definition(stages=stages, projects=projects, text=text)


def _stages(properties: Declared) -> Sequence[Stage]:
    allow("The pipeline", properties, PIPELINE)
    if (mode := properties.get("ExecutionMode")) != "QUEUED":
        raise DefinitionError(f"The pipeline's ExecutionMode {mode} cannot be done here; QUEUED can.")
    stages = [_stage(each) for each in properties["Stages"]]
    updates = any(stage.name == SELF_UPDATE for stage in stages)
    if updates and not properties.get("RestartExecutionOnUpdate"):
        raise DefinitionError("The pipeline updates itself without RestartExecutionOnUpdate: not done here.")
    _triggers(properties.get("Triggers", []), stages[0].actions)
    return stages


def _triggers(triggers: Sequence[Declared], sources: Sequence[Action]) -> None:
    """Refuse every trigger but a push to the branch that is the source."""
    for trigger in triggers:
        git = trigger.get("GitConfiguration", {})
        branches = [source.configuration.get("BranchName") for source in sources]
        if git.get("Push") != [{"Branches": {"Includes": branches}}] or git.keys() - {
            "Push",
            "SourceActionName",
        }:
            raise DefinitionError(
                "The pipeline's Triggers cannot be done here, but for a push to its branch."
            )


def _stage(given: Declared) -> Stage:
    where = f"Stage {given['Name']}"
    allow(where, given, STAGE)
    failure = given.get("OnFailure", {})
    allow(f"{where}: OnFailure", failure, ("Result",))
    result = failure.get("Result", "FAIL")
    if result not in {"FAIL", "ROLLBACK"}:
        raise DefinitionError(f"{where}: OnFailure.Result {result} cannot be done here.")
    actions = [_action(given["Name"], each) for each in given["Actions"]]
    return Stage(name=given["Name"], actions=actions, rolls_back=result == "ROLLBACK")


def _action(stage: str, given: Declared) -> Action:
    where = f"Stage {stage}, action {given['Name']}"
    allow(where, given, ACTION)
    for artifact in given.get("OutputArtifacts", []):
        allow(f"{where}: OutputArtifacts", artifact, ("Name",))
    configuration = {name: _text(value) for name, value in given.get("Configuration", {}).items()}
    if "EnvironmentVariables" in configuration:
        variables(where, json.loads(configuration["EnvironmentVariables"]), spell=str.lower)
    if "NotificationArn" in configuration:
        raise DefinitionError(f"{where}: NotificationArn cannot be done here.")
    type_ = given["ActionTypeId"]
    return Action(
        stage=stage,
        name=given["Name"],
        category=type_["Category"],
        owner=type_["Owner"],
        provider=type_["Provider"],
        run_order=int(given.get("RunOrder", 1)),
        configuration=configuration,
        inputs=[artifact["Name"] for artifact in given.get("InputArtifacts", [])],
        outputs=[artifact["Name"] for artifact in given.get("OutputArtifacts", [])],
        namespace=given.get("Namespace"),
        region=given.get("Region"),
    )


def _text(value: object) -> str:
    """Return a configuration's value as CodePipeline keeps it, which knows text only."""
    return value if isinstance(value, str) else json.dumps(value)
