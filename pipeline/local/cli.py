"""The command line of the local platform: `python -m pipeline.local up | down | status`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.local import platform
from pipeline.local import status as platform_status
from pipeline.local.errors import LocalError
from pipeline.local.layout import Layout
from pipeline.local.progress import Progress
from pipeline.local.runner import carrying
from pipeline.local.up import up as bring_up

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
console = Console()

Port = Annotated[int, typer.Option(envvar="PORT", help="The front door's port; five more follow it.")]
State = Annotated[
    Path | None, typer.Option(envvar="PLATFORM_STATE", help="The folder that keeps the platform's state.")
]


@app.command()
def up(port: Port = 8080, state: State = None) -> None:
    """Start both Regions, deploy the app to them and open the front door."""
    with _reported():
        layout = _layout(port, state)
        with platform.apart(layout), platform.exclusive(layout):
            deployed = bring_up(layout, Progress(console))
            remote = carrying.adopt(layout, anew=deployed)
        primary, secondary = layout.regions
        console.print(
            f"\nThe users API answers at {layout.url}" + ("" if deployed else " (nothing to deploy)")
        )
        for region in (primary, secondary):
            console.print(f"  {region.role:9} {region.name:12} {region.api_url}", highlight=False)
        if remote:
            console.print(f"A push deploys: git push {remote} HEAD:main", highlight=False, soft_wrap=True)


@app.command()
def down(port: Port = 8080, state: State = None) -> None:
    """End every process of the platform; its state is kept for the next `up`."""
    with _reported():
        layout = _layout(port, state)
        with (
            platform.apart(layout),
            platform.exclusive(layout),
            Progress(console).step("saving and stopping"),
        ):
            stopped = platform.stop(platform.services(layout))
        console.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


@app.command()
def status(
    port: Port = 8080, state: State = None, as_json: Annotated[bool, typer.Option("--json")] = False
) -> None:
    """Show what runs where, replication, and what is not emulated; exit 1 unless all of it runs."""
    with _reported():
        found = platform_status.read(_layout(port, state))
        if as_json:
            sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n")
        else:
            platform_status.show(found, console)
        raise typer.Exit(0 if found.running else 1)


def _layout(port: int, state: Path | None) -> Layout:
    try:
        return Layout(port=port) if state is None else Layout(port=port, state=state.resolve())
    except ValueError as error:
        raise LocalError(str(error)) from error


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what went wrong into one message and an exit status: 1 failed, 130 interrupted."""
    try:
        yield
    except (LocalError, OSError) as error:
        message = str(error).removeprefix(f"[Errno {getattr(error, 'errno', None)}] ")
        Console(stderr=True).print(message, style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt as interrupt:
        Console(stderr=True).print("Interrupted: what this command had started was ended again.")
        raise typer.Exit(130) from interrupt
