"""Actions and the executions that they belong to, as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.local.layout import Layout
from pipeline.local.runner.action import Work
from pipeline.local.runner.definition import Action, Definition, Project
from tests.ports import free_ports


def action(
    category: str,
    provider: str,
    configuration: Mapping[str, str],
    *,
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
    region: str | None = None,
) -> Action:
    return Action(
        stage="Stage",
        name="Action",
        category=category,
        owner="AWS",
        provider=provider,
        run_order=1,
        configuration=configuration,
        inputs=inputs,
        outputs=outputs,
        namespace=None,
        region=region,
    )


def work(
    folder: Path,
    *,
    projects: Mapping[str, Project] | None = None,
    commit: str = "c0ffee",
    layout: Layout | None = None,
) -> Work:
    return Work(
        execution_id="20260701T120000.000000Z-c0ffee0",
        commit=commit,
        definition=Definition(stages=(), projects=projects or {}, text=""),
        artifacts=folder / "artifacts",
        log=folder / "logs" / "action.log",
        layout=layout or Layout(port=free_ports(6), state=folder / "state"),
    )
