"""The command line of the pipeline on this machine: `python -m pipeline.local.runner list | resume | start`.

The hooks of the bare repository call `check` and `receive`.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.runner import carrying, deliveries, pushes
from pipeline.local.runner.approval import Approver, Beforehand, Decision
from pipeline.local.runner.record import Record, Status
from pipeline.local.runner.repository import Repository

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

Port = Annotated[int, typer.Option(envvar="PORT", help="The front door's port of the platform.")]
State = Annotated[
    Path | None, typer.Option(envvar="PLATFORM_STATE", help="The folder that keeps the platform's state.")
]


@app.command()
def check(port: Port = 8080, state: State = None) -> None:
    """Refuse a push that no execution could carry; what it would move is read from standard input."""
    with _reported():
        layout = _layout(port, state)
        pushes.require_branch(pushes.read(sys.stdin))
        pushes.approved(os.environ)
        carrying.require_running(layout)


@app.command()
def receive(port: Port = 8080, state: State = None) -> None:
    """Carry what was pushed, which is read from standard input, and say how that goes."""
    with _reported():
        layout = _layout(port, state)
        given = Beforehand() if pushes.approved(os.environ) else None
        for pushed in pushes.read(sys.stdin):
            _end(_carried(layout, pushed.commit, given), layout)


@app.command()
def start(
    *,
    approve: Annotated[bool, typer.Option(help="Give approvals beforehand.")] = False,
    port: Port = 8080,
    state: State = None,
) -> None:
    """Carry the commit that was pushed last once more."""
    with _reported():
        layout = _layout(port, state)
        commit = Repository.of(layout).head()
        if commit is None:
            raise LocalError("Nothing was pushed yet.")
        carrying.require_running(layout)
        _end(_carried(layout, commit, Beforehand() if approve else None), layout)


@app.command()
def resume(
    execution: Annotated[
        str | None, typer.Argument(help="Its id; the last that waits, if none is given.")
    ] = None,
    *,
    approve: Annotated[bool, typer.Option("--approve/--reject", help="What is decided.")],
    port: Port = 8080,
    state: State = None,
) -> None:
    """Go on with an execution that waits for an approval."""
    with _reported(), carrying.somebody() as approver:
        layout = _layout(port, state)
        id_ = execution or _waiting(layout).id
        carrying.require_running(layout)
        decision = Decision.APPROVED if approve else Decision.REJECTED

        async def work() -> Record:
            async with carrying.engine(layout, approver, _say) as engine:
                return await engine.resume(id_, decision)

        _end(carrying.interruptible(work), layout)


@app.command(name="list")
def show(port: Port = 8080, state: State = None) -> None:
    """List all executions, and where each stands."""
    with _reported():
        for record in carrying.history(_layout(port, state), _warn).records():
            _say(deliveries.line(record))


def _carried(layout: Layout, commit: str, given: Approver | None) -> Record:
    record = carrying.queued(layout, commit)
    with carrying.somebody() as approver:

        async def work() -> Record:
            async with carrying.engine(layout, given or approver, _say) as engine:
                return await engine.carry(record)

        return carrying.interruptible(work)


def _waiting(layout: Layout) -> Record:
    waiting = [record for record in carrying.history(layout, _warn).records() if record.waiting]
    if not waiting:
        raise LocalError("No execution waits for an approval.")
    return waiting[-1]


def _end(record: Record, layout: Layout) -> None:
    """Say what to do next where an execution waits, and end with 1 where it failed."""
    if record.waiting:
        usual = Layout()
        words = [f"--port {layout.port}"] if layout.port != usual.port else []
        words += [f"--state {shlex.quote(str(layout.state))}"] if layout.state != usual.state else []
        command = " ".join([".venv/bin/python -m pipeline.local.runner resume --approve", *words])
        _say(f"It waits for {record.waiting[1]}: {command}")
    elif record.status is not Status.SUCCEEDED:
        raise typer.Exit(1)


def _layout(port: int, state: Path | None) -> Layout:
    try:
        return Layout(port=port) if state is None else Layout(port=port, state=state.resolve())
    except ValueError as error:
        raise LocalError(str(error)) from error


def _say(said: str) -> None:
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


def _warn(said: str) -> None:
    sys.stderr.write(f"{said}\n")


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what went wrong into one sentence and an exit status of 1."""
    try:
        yield
    except (LocalError, OSError, ValueError) as error:
        _warn(str(error))
        raise typer.Exit(1) from error
