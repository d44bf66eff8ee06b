"""What the app synthesized, read back as plain JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.delivery import PIPELINES

Template = Mapping[str, Any]
Resource = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack of the assembly; `path` is what the CDK CLI selects it by."""

    path: str
    environment: str
    template_file: Path
    template: Template

    @property
    def region(self) -> str:
        """The Region that it is deployed to."""
        return self.environment.rsplit("/", 1)[-1]

    def of_type(self, type_: str) -> Mapping[str, Resource]:
        """Its resources of a type, by logical id."""
        return {
            id_: resource for id_, resource in self.template["Resources"].items() if resource["Type"] == type_
        }

    def only(self, type_: str) -> Resource:
        """Its one resource of a type."""
        (resource,) = self.of_type(type_).values()
        return resource


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Every stack of the app, by name: those of deployments, and those of the pipelines that carry them."""

    directory: Path
    stacks: Mapping[str, Stack]
    pipeline: Mapping[str, Stack]

    def with_path_ending(self, ending: str) -> list[Stack]:
        """The stacks whose path ends so: one for each deployment, or for each of its Regions."""
        return [stack for stack in self.stacks.values() if stack.path.endswith(ending)]


def read(directory: Path) -> Assembly:
    """Read a directory that `cdk synth` wrote, with the stages nested in it."""
    every = dict(_stacks(directory))
    pipeline = {name: stack for name, stack in every.items() if _carries(name, stack)}
    deployments = {name: stack for name, stack in every.items() if name not in pipeline}
    return Assembly(directory=directory, stacks=deployments, pipeline=pipeline)


def _carries(name: str, stack: Stack) -> bool:
    """Whether a stack is a pipeline's: its own, its support in another Region, or one within its own."""
    ids = {pipeline.id for pipeline in PIPELINES}
    return stack.path.partition("/")[0] in ids or name.partition("-support-")[0] in ids


def _stacks(directory: Path) -> Iterator[tuple[str, Stack]]:
    """The stacks of one manifest, and of those inside it."""
    for id_, artifact in json.loads((directory / "manifest.json").read_text())["artifacts"].items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(directory / properties["directoryName"])
        elif artifact["type"] == "aws:cloudformation:stack":
            file = directory / properties["templateFile"]
            yield (
                properties.get("stackName", id_),
                Stack(
                    path=artifact["displayName"],
                    environment=artifact["environment"],
                    template_file=file,
                    template=json.loads(file.read_text()),
                ),
            )
