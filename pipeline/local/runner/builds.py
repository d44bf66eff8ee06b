"""CodeBuild's actions: a project is built on this machine, in the checkout or in a copy of an artifact.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipeline.local.commands import last_words
from pipeline.local.layout import Layout
from pipeline.local.runner import artifacts, build_environment, buildspec, leash
from pipeline.local.runner.action import ActionFailed, Work
from pipeline.local.runner.buildspec import BuildSpec, Files
from pipeline.local.runner.checkout import Checkout
from pipeline.local.runner.definition import Action, Project
from pipeline.local.runner.project import variables
from pipeline.local.runner.script import script
from pipeline.local.runner.source import commit_of

KNOWN = ("EnvironmentVariables", "PrimarySource", "ProjectName")
SPEC_FORM = "The buildspec {file} is not JSON, and no other YAML is read here."


async def perform(action: Action, work: Work, *, shared: Checkout, endpoint: str) -> Mapping[str, str]:
    """Build a project, keep its artifacts, and return its exported variables.

    Cancelled, it ends the build's processes before it returns.

    Raises:
        ActionFailed: a command failed or the time was over, or the action asks for what is not done here.
        LocalError: the disk is full, or a commit or a Region is not there.
    """
    for name in action.configuration:
        if name not in KNOWN:
            raise ActionFailed(f"A build with {name} is not done here.")
    project = work.definition.projects[action.configuration["ProjectName"]]
    work.log.parent.mkdir(parents=True, exist_ok=True)
    async with _inputs(action, work, shared) as folders, _scratch(work.layout) as scratch:
        cwd = next(iter(folders.values()))
        spec = buildspec.read(_spec(project, cwd))
        kept = _kept(action, spec)
        given = await asyncio.to_thread(build_environment.environment, work.layout, endpoint=endpoint)
        environment = {
            **given,
            **spec.variables,
            **project.variables,
            **variables(
                action.name,
                json.loads(action.configuration.get("EnvironmentVariables", "[]")),
                spell=str.lower,
            ),
            **build_environment.told(work, id=f"{project.name}:{uuid4()}", folders=folders),
        }
        exported = await _build(project, spec, work, cwd=cwd, environment=environment, scratch=scratch)
        for output, files in kept.items():
            await asyncio.to_thread(artifacts.collect, files, of=cwd, to=work.artifact(output))
    return exported


def folder(layout: Layout) -> Path:
    """Where the builds that run have what is gone after them."""
    return layout.state / "pipeline" / "builds"


async def _build(
    project: Project, spec: BuildSpec, work: Work, *, cwd: Path, environment: Mapping[str, str], scratch: Path
) -> Mapping[str, str]:
    """Run the phases, and return the exported variables."""
    failed, exports, file = scratch / "failed", scratch / "exports", scratch / "build.sh"
    exports.mkdir()
    file.write_text(script(spec, failed=failed, exports=exports))
    work.log.write_text("".join(f"{line}\n" for line in build_environment.runtimes(spec.runtimes)))
    minutes = project.timeout_minutes
    try:
        async with asyncio.timeout(minutes * 60):
            status = await leash.run([spec.shell, str(file)], cwd=cwd, environment=environment, log=work.log)
    except TimeoutError as error:
        raise ActionFailed(_failure(f"The build did not end within {minutes} minutes", work.log)) from error
    if status or failed.exists():
        phase, status_there = failed.read_text().split() if failed.exists() else ("shell", str(status))
        raise ActionFailed(_failure(f"The build's {phase} phase ended with status {status_there}", work.log))
    return {name: (exports / name).read_text() for name in spec.exported if (exports / name).exists()}


def _failure(what: str, log: Path) -> str:
    return f"{what}:\n  {last_words(log)}\n  (all of it: {log})"


def _spec(project: Project, primary: Path) -> Mapping[str, Any]:
    """Return the buildspec, from the project or from the file of the primary input that it names."""
    if not project.build_spec_file:
        return project.build_spec
    file = primary / project.build_spec_file
    try:
        spec = json.loads(file.read_text())
    except FileNotFoundError as error:
        raise ActionFailed(f"There is no buildspec {project.build_spec_file}.") from error
    except ValueError as error:
        raise ActionFailed(SPEC_FORM.format(file=project.build_spec_file)) from error
    if not isinstance(spec, dict):
        raise ActionFailed(SPEC_FORM.format(file=project.build_spec_file))
    return spec


def _kept(action: Action, spec: BuildSpec) -> Mapping[str, Files]:
    """Return what makes each output artifact: the artifact where it is one, else secondary ones by name.

    https://docs.aws.amazon.com/codebuild/latest/userguide/sample-pipeline-multi-input-output.html
    """
    if len(action.outputs) == 1 and spec.artifact:
        return {action.outputs[0]: spec.artifact}
    missing = [name for name in action.outputs if name not in spec.secondary]
    if missing:
        raise ActionFailed(f"The buildspec says not what makes the artifact {', '.join(missing)}.")
    return {name: spec.secondary[name] for name in action.outputs}


@asynccontextmanager
async def _inputs(action: Action, work: Work, shared: Checkout) -> AsyncIterator[Mapping[str, Path]]:
    """Yield a folder with each input, the primary one first: the checkout for the source, else a copy."""
    primary = action.configuration.get("PrimarySource", action.inputs[0])
    if primary not in action.inputs:
        raise ActionFailed(f"The PrimarySource {primary} is none of the action's inputs.")
    async with AsyncExitStack() as held:
        folders = {}
        copies = await held.enter_async_context(_scratch(work.layout))
        for name in sorted(action.inputs, key=lambda each: each != primary):
            artifact = work.artifact(name)
            commit = commit_of(artifact)
            if commit is None:
                folders[name] = await asyncio.to_thread(artifacts.copied, artifact, to=copies / name)
            elif name == primary:
                folders[name] = await held.enter_async_context(shared.at(commit))
            else:
                raise ActionFailed(f"The source {name} as another input than the primary is not done here.")
        yield folders


@asynccontextmanager
async def _scratch(layout: Layout) -> AsyncIterator[Path]:
    """Yield a folder that is gone afterwards."""
    scratch = folder(layout) / uuid4().hex
    scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True))
