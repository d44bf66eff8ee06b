"""A pipeline as CodePipeline knows it: its stages with their actions, and the projects that some perform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pipeline.local.errors import LocalError

# CDK Pipelines names it so (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.pipelines-readme.html).
SELF_UPDATE = "UpdatePipeline"


class DefinitionError(LocalError):
    """A template declares no pipeline that can be performed here; the message names what is in the way."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action of a stage; in `configuration` functions are resolved, and variables are not yet.

    `inputs` and `outputs` are names of artifacts, and `namespace` is what its output variables are known by.
    """

    stage: str
    name: str
    category: str
    owner: str
    provider: str
    run_order: int
    configuration: Mapping[str, str]
    inputs: Sequence[str]
    outputs: Sequence[str]
    namespace: str | None
    region: str | None

    @property
    def approves(self) -> bool:
        """Whether it waits for somebody instead of doing something."""
        return (self.category, self.provider) == ("Approval", "Manual")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage; one that `rolls_back` is performed again with an earlier execution's artifacts if it fails."""

    name: str
    actions: Sequence[Action]
    rolls_back: bool

    @property
    def groups(self) -> Sequence[Sequence[Action]]:
        """The actions that are performed side by side, group after group."""
        ordered = sorted(self.actions, key=lambda action: action.run_order)
        return [list(group) for _, group in groupby(ordered, key=lambda action: action.run_order)]

    @property
    def deploys(self) -> bool:
        """Whether it changes what runs, so that to leave it half-way is to leave that half-changed."""
        return self.name == SELF_UPDATE or any(action.category == "Deploy" for action in self.actions)

    @property
    def needs(self) -> Sequence[str]:
        """The artifacts that it takes from the stages before it."""
        made: set[str] = set()
        needed: dict[str, None] = {}
        for group in self.groups:
            needed |= {name: None for action in group for name in action.inputs if name not in made}
            made |= {name for action in group for name in action.outputs}
        return list(needed)


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project of CodeBuild by its logical id.

    `build_spec` is what its buildspec says; where that is a file of the primary input artifact instead,
    it is empty and `build_spec_file` is the path of the file there.
    """

    name: str
    build_spec: Mapping[str, Any]
    variables: Mapping[str, str]
    timeout_minutes: int
    build_spec_file: str = ""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A pipeline; `text` is the same for two definitions between which CodePipeline sees no change.

    A project may differ all the same: it is changed where it is, and CDK Pipelines writes a digest of it into
    the action where the pipeline is to begin anew for that.
    """

    stages: Sequence[Stage]
    projects: Mapping[str, Project] = field(default_factory=dict)
    text: str

    def stage(self, name: str) -> Stage | None:
        """Return the stage of that name, None where there is none."""
        return next((stage for stage in self.stages if stage.name == name), None)
