"""Has the platform serve its users from another of its tables, as after a restore."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.choice import served_from
from pipeline.local import deploy, platform, serving
from pipeline.local.assembly import synthesize
from pipeline.local.deploy import Step
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import carrying
from stacks.refused import Refused


def switch(layout: Layout, tables: Sequence[str], step: Step) -> bool:
    """Serve the layout's deployment from the last of these tables, and return whether that changed anything.

    The others, the oldest first, stay beside it. What is deployed is the app of this clone, as by `up`, while
    the platform runs and may be under load; a Region takes writes to either table until its functions are
    changed, so that whoever needs one table fences both. From then on `up`, a push and a rollback go on with
    the same table.

    The tables are recorded before anything is deployed, so that `up` completes what was killed. Where this
    fails or is interrupted and no function was changed, the record and the assembly are as they were before.

    Raises:
        LocalError: these are no tables that can serve; the table is not whole in both Regions; a Region does
            not answer; the pipeline or another command is changing the platform; a tool failed.
    """
    with platform.apart(layout), platform.exclusive(layout):
        record = _record(layout, tables)
        serving.require_whole(layout, tables[-1])
        before = _Before(layout)
        try:
            _write(layout, record)
            changed = _deploy(layout, step)
        except BaseException:
            before.put_back()
            raise
        before.forget()
        carrying.adopt(layout, anew=changed)
    return changed


def _deploy(layout: Layout, step: Step) -> bool:
    variables = platform.environment()
    with step("synthesizing the app"):
        synthesize(layout, variables)
    return deploy.deploy(layout, variables, step)


class _Before:
    """What a platform was served from, kept until it is served from something else."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._record = layout.tables
        self._in_use = serving.tables_in_use(layout)
        self._assembly = layout.state / "cdk.out.before"
        self.forget()
        if layout.assembly.exists():
            shutil.copytree(layout.assembly, self._assembly, symlinks=True)

    def put_back(self) -> None:
        """Have the record and the assembly as before, unless a function was changed, or nobody can tell."""
        with suppress(LocalError):
            if serving.tables_in_use(self._layout) == self._in_use:
                _write(self._layout, self._record)
                shutil.rmtree(self._layout.assembly, ignore_errors=True)
                if self._assembly.exists():
                    self._assembly.rename(self._layout.assembly)
        self.forget()

    def forget(self) -> None:
        """Remove the copy of the assembly."""
        shutil.rmtree(self._assembly, ignore_errors=True)


def _record(layout: Layout, tables: Sequence[str]) -> str:
    """Return the record with these tables; raises LocalError for what no deployment can be served from."""
    if not tables:
        raise LocalError("There must be a table to serve from.")
    named = {**json.loads(layout.tables or "{}"), layout.deployment.name: list(tables)}
    record = json.dumps(named)
    try:
        served_from(layout.deployments, record)
    except Refused as error:
        raise LocalError(str(error)) from error
    return record


def _write(layout: Layout, record: str) -> None:
    """Keep the record, whole at once; an empty one is none."""
    temporary: Path = layout.tables_file.with_suffix(".new")
    temporary.write_text(record)
    if record:
        temporary.replace(layout.tables_file)
    else:
        temporary.unlink()
        layout.tables_file.unlink(missing_ok=True)
