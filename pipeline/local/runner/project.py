"""A project of CodeBuild as a template declares it: its buildspec, its variables, its time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.local.runner.definition import DefinitionError, Project

# Caches and logs change nothing that is built; image and size are those of this machine.
PROJECT = (
    "Artifacts",
    "Cache",
    "Description",
    "EncryptionKey",
    "Environment",
    "LogsConfig",
    "Name",
    "ServiceRole",
    "Source",
    "Tags",
    "TimeoutInMinutes",
)
ENVIRONMENT = (
    "ComputeType",
    "EnvironmentVariables",
    "Image",
    "ImagePullCredentialsType",
    "PrivilegedMode",
    "Type",
)
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-codebuild-project.html
TIMEOUT_MINUTES = 60


def allow(where: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Return if nothing but what is known is given; raises DefinitionError, which names the first other."""
    for name in given:
        if name not in known:
            raise DefinitionError(f"{where}: {name} cannot be done here.")


def project(name: str, properties: Mapping[str, Any]) -> Project:
    """Return a project; raises DefinitionError, and KeyError or TypeError for what is no project."""
    where = f"Project {name}"
    allow(where, properties, PROJECT)
    environment = properties.get("Environment", {})
    allow(f"{where}: Environment", environment, ENVIRONMENT)
    if environment.get("PrivilegedMode"):
        raise DefinitionError(f"{where}: PrivilegedMode cannot be done here.")
    source = properties["Source"]
    allow(f"{where}: Source", source, ("BuildSpec", "Type"))
    if source["Type"] != "CODEPIPELINE":
        raise DefinitionError(f"{where}: Source.Type {source['Type']} cannot be done here.")
    spec, file = _build_spec(where, source["BuildSpec"])
    return Project(
        name=name,
        build_spec=spec,
        build_spec_file=file,
        variables=variables(where, environment.get("EnvironmentVariables", []), spell=str.title),
        timeout_minutes=int(properties.get("TimeoutInMinutes", TIMEOUT_MINUTES)),
    )


def variables(where: str, given: Sequence[Any], *, spell: Callable[[str], str]) -> Mapping[str, str]:
    """Return environment variables by name.

    `spell` spells the keys: a template writes `Name`, and an action's configuration `name`. Raises
    DefinitionError for one whose value is kept elsewhere, such as in Parameter Store.
    """
    name, type_, value = (spell(key) for key in ("name", "type", "value"))
    for each in given:
        if (kind := each.get(type_, "PLAINTEXT")) != "PLAINTEXT":
            raise DefinitionError(f"{where}: the variable {each[name]} of type {kind} cannot be done here.")
    return {each[name]: str(each[value]) for each in given}


def _build_spec(where: str, text: str) -> tuple[Mapping[str, Any], str]:
    """Return a buildspec and no file, or nothing and the file that it is in."""
    if re.fullmatch(r"[^\n{]+\.(ya?ml|json)", text):
        return {}, text
    try:
        spec = json.loads(text)
    except ValueError:
        spec = None
    if not isinstance(spec, dict):
        raise DefinitionError(f"{where}: a BuildSpec that is not JSON cannot be read here.")
    return spec, ""
