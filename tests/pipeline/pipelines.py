"""The parts of a pipeline as it was synthesized: its stages, their actions, and its build projects."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.delivery import PIPELINES, Pipeline
from tests.stacks.assembly import Stack

Stages = list[dict[str, Any]]
IDS = [pipeline.id for pipeline in PIPELINES]
# What CDK grants to each build: its log, its reports, and the artifacts in and out.
OF_EVERY_BUILD = re.compile(r"(s3|kms|logs):|codebuild:(BatchPut|Create|Update)")


def titles(pipeline: Pipeline) -> list[str]:
    """The names of the stages of its waves."""
    return [wave.name.title() for wave in pipeline.waves]


def order(action: Mapping[str, Any]) -> int:
    return int(action["RunOrder"])


def stage_of(stages: Stages, name: str) -> dict[str, Any]:
    return next(stage for stage in stages if stage["Name"] == name)


def action_of(stages: Stages, name: str) -> dict[str, Any]:
    return next(each for stage in stages for each in stage["Actions"] if each["Name"] == name)


def builds(stack: Stack) -> Mapping[str, tuple[Mapping[str, Any], str]]:
    """Each build project by its id, without CDK's hash, with its properties and the id of its role."""
    return {
        re.sub(r"[0-9A-F]{8}$", "", id_): (
            project["Properties"],
            project["Properties"]["ServiceRole"]["Fn::GetAtt"][0],
        )
        for id_, project in stack.of_type("AWS::CodeBuild::Project").items()
    }


def rights(stack: Stack, role: str) -> Sequence[Mapping[str, Any]]:
    """The statements of a role but for those that every build has."""
    return [
        statement
        for policy in stack.of_type("AWS::IAM::Policy").values()
        if {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if not all(OF_EVERY_BUILD.match(action) for action in actions(statement))
    ]


def actions(statement: Mapping[str, Any]) -> list[str]:
    found = statement["Action"]
    return [found] if isinstance(found, str) else list(found)
