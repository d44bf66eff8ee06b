"""Reads a buildspec, and refuses what would not be done here.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.local.runner.action import ActionFailed

PHASES = ("install", "pre_build", "build", "post_build")
# What runs commands on Linux where a buildspec names no shell is sh
# (https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-cmd.html).
SHELLS = ("sh", "bash")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files that make an artifact: patterns below a folder of the build's."""

    base: str
    patterns: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class BuildSpec:
    """What a build is to do: commands by phase, in the order of the phases, and what it leaves.

    `runtimes` are the versions that it asks for, and `exported` the names of its output variables.
    """

    phases: Mapping[str, Sequence[str]]
    shell: str = "sh"
    runtimes: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    exported: Sequence[str] = ()
    artifact: Files | None = None
    secondary: Mapping[str, Files] = field(default_factory=dict)


def read(spec: Mapping[str, Any]) -> BuildSpec:
    """Return what a buildspec of version 0.2 asks for.

    Raises:
        ActionFailed: it asks for something that is not done here, which is named.
    """
    try:
        return _read(spec)
    except (AttributeError, KeyError, TypeError) as error:
        raise ActionFailed(f"The buildspec has not the form of one: {error!r}.") from error


def _read(spec: Mapping[str, Any]) -> BuildSpec:
    _allow("", spec, ("version", "env", "phases", "artifacts"))
    if str(spec.get("version")) != "0.2":
        raise ActionFailed(f"The buildspec is of version {spec.get('version')}, and only 0.2 is done here.")
    env, phases, artifacts = spec.get("env", {}), spec["phases"], spec.get("artifacts", {})
    _allow("env.", env, ("shell", "variables", "exported-variables"))
    _allow("phases.", phases, PHASES)
    for name, phase in phases.items():
        _allow(
            f"phases.{name}.", phase, ("commands", "runtime-versions") if name == "install" else ("commands",)
        )
    if (shell := env.get("shell", "sh")) not in SHELLS:
        raise ActionFailed(f"The buildspec's env.shell {shell} is not done here.")
    _allow("artifacts.", artifacts, ("base-directory", "files", "secondary-artifacts"))
    secondary = artifacts.get("secondary-artifacts", {})
    for name, each in secondary.items():
        _allow(f"artifacts.secondary-artifacts.{name}.", each, ("base-directory", "files"))
    return BuildSpec(
        phases={name: tuple(phases.get(name, {}).get("commands") or ()) for name in PHASES},
        shell=shell,
        runtimes={key: str(v) for key, v in phases.get("install", {}).get("runtime-versions", {}).items()},
        variables=_named(env.get("variables", {})),
        exported=tuple(_named(dict.fromkeys(env.get("exported-variables", ()), ""))),
        artifact=_files(artifacts) if "files" in artifacts else None,
        secondary={name: _files(each) for name, each in secondary.items()},
    )


def _files(artifact: Mapping[str, Any]) -> Files:
    base, patterns = str(artifact.get("base-directory", ".")), tuple(artifact["files"])
    for path in (base, *patterns):
        if path.startswith("/") or ".." in path.split("/") or (path == base and "*" in path):
            raise ActionFailed(f"The buildspec's artifacts of {path} are not done here.")
    return Files(base=base, patterns=patterns)


def _named(variables: Mapping[str, Any]) -> Mapping[str, str]:
    for name in variables:
        if not NAME.fullmatch(name):
            raise ActionFailed(f"The buildspec's variable {name!r} has no name that a shell can have.")
    return {name: str(value) for name, value in variables.items()}


def _allow(where: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            raise ActionFailed(f"The buildspec's {where}{name} is not done here.")
