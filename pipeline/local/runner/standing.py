"""What stands on the platform: `make up` tells the pipeline, and the pipeline tells `make up`."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from pipeline.local.assembly import fingerprint, stacks_of, stacks_of_no_stage
from pipeline.local.layout import Layout
from pipeline.local.runner import artifacts, source
from pipeline.local.runner.definition import Definition, Stage
from pipeline.local.runner.history import History
from pipeline.local.runner.record import Status
from pipeline.local.runner.repository import Repository


def adopt(layout: Layout, history: History, definition: Definition, commit: str) -> None:
    """Record what `make up` deployed as an execution that passed, so that the first push can be rolled back.

    Its artifacts are a copy of the assembly, and the commit that was checked out: a gate that is performed
    again takes its code from there. Raises LocalError and OSError.
    """
    stage = definition.stage(layout.deployment.name.title())
    if stage is None:
        return
    assemblies = _assemblies(stage)

    def fill(folder: Path) -> None:
        for name in stage.needs:
            if name in assemblies:
                shutil.copytree(layout.assembly, folder / name, symlinks=True)
            else:
                source.name_commit(folder / name, commit)

    subject, committed_at = Repository.of(layout).described(commit)
    history.adopt(
        commit=commit,
        subject=subject,
        committed_at=committed_at,
        stages=[stage.name],
        fill=fill,
        at=time.time(),
    )


def is_adopted(layout: Layout, history: History, definition: Definition) -> bool:
    """Whether a rollback would bring back what is deployed now: not, if `make up` was cut off after that."""
    stage = definition.stage(layout.deployment.name.title())
    good = history.last_good(stage.name) if stage else None
    if stage is None:
        return True
    kept = [history.artifacts(good.id) / name for name in _assemblies(stage)] if good else []
    return good is not None and not any(each.is_dir() and _differ(each, layout.assembly) for each in kept)


def settle(layout: Layout, history: History, definition: Definition) -> None:
    """Keep the assembly of the last execution that passed as the one that `make up` deployed last.

    A Region that is lost is built again from it. One that is kept already is left alone; raises OSError.
    """
    stage = definition.stage(layout.deployment.name.title())
    good = history.last_good(stage.name) if stage else None
    if stage is None or good is None:
        return
    for name in _assemblies(stage):
        kept = history.artifacts(good.id) / name
        deployed = layout.state / "deployed"
        if kept.is_dir() and _differ(kept, layout.assembly):
            deployed.unlink(missing_ok=True)
            artifacts.copied(kept, to=layout.assembly)
        if kept.is_dir() and not deployed.exists() and _stands(history, stage.name):
            deployed.write_text(fingerprint([*stacks_of(layout), *stacks_of_no_stage(layout.assembly)]))


def _stands(history: History, stage: str) -> bool:
    """Whether the last execution that began a stage passed it, or was rolled back to one that had."""
    last = [record.stages[stage] for record in history.records() if stage in record.stages][-1]
    back = last.rollback is not None and last.rollback.status is Status.SUCCEEDED
    return back or last.status is Status.SUCCEEDED


def _assemblies(stage: Stage) -> set[str]:
    """The artifacts that a stage takes its templates from."""
    paths = [action.configuration.get("TemplatePath", "") for action in stage.actions]
    return {path.partition("::")[0] for path in paths if path}


def _differ(one: Path, other: Path) -> bool:
    """Whether two assemblies have different templates."""
    return _templates(one) != _templates(other)


def _templates(assembly: Path) -> dict[Path, bytes]:
    found = [*assembly.glob("**/*.template.json"), *assembly.glob("manifest.json")]
    return {path.relative_to(assembly): path.read_bytes() for path in found}
