"""The command line of the restore drills: `python -m pipeline.restore list | run | undo`."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.choice import deployments_named
from pipeline.drill.faults import FaultError
from pipeline.drill.lock import drilling
from pipeline.drill.outcome import COULD_NOT_RUN, MET, MISSED, accounted, reason, reported
from pipeline.drill.terminal import progress, say
from pipeline.local.layout import Layout
from pipeline.restore.crowd import MOST
from pipeline.restore.local import RESTORES, LocalRestores
from pipeline.restore.report import record
from pipeline.restore.report.held import Held
from pipeline.restore.scenario import Scenario
from pipeline.restore.scenarios import SCENARIOS, named
from pipeline.restore.watchdog import undo as undo_one
from pipeline.restore.whole import Venue, hold

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

ALL = "all"
Port = Annotated[int, typer.Option(envvar="PORT", help="The front door's port of the local platform.")]
State = Annotated[
    Path | None,
    typer.Option(envvar="PLATFORM_STATE", help="The folder that keeps the local platform's state."),
]
On = Annotated[str, typer.Option(help="The deployment: local, since AWS is not damaged on purpose.")]
Users = Annotated[int, typer.Option(min=3, max=MOST, help="How many users are made beforehand.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON, of several as a list.")]


@app.command(name="list")
def show() -> None:
    """List the scenarios."""
    for scenario in SCENARIOS.values():
        say(f"{scenario.name:18} {scenario.hypothesis}")


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="One of them, or all, one after the other.")] = ALL,
    *,
    on: On = "local",
    users: Users = 300,
    port: Port = 8080,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Damage users, and restore them: exit 0 if all is repaired, 1 if not, 2 if it could not be held."""
    with reported():
        layout = _layout(port, state)
        _require_local(on, layout)
        chosen = list(SCENARIOS.values()) if scenario == ALL else [named(scenario)]
        outcomes: list[int] = []
        reports: list[object] = []
        for each in chosen:
            try:
                held, folder = _hold(each, venue(layout), layout, users, quiet=as_json)
            except Exception as error:
                say(typer.style(f"{each.name} could not be held: {reason(error)}", fg="red"), err=True)
                outcomes.append(COULD_NOT_RUN)
                continue
            outcomes.append(MET if held.met else MISSED)
            reports.append(record.as_json(held))
            if not as_json:
                _show(held, folder)
        if as_json and reports:
            say(json.dumps(reports if scenario == ALL else reports[0], indent=2))
        raise typer.Exit(max(outcomes))


@app.command()
def undo(*, port: Port = 8080, state: State = None) -> None:
    """Put right what a drill left that was killed with its watchdog; the platform must run."""
    with reported():
        layout = _layout(port, state)
        with drilling(layout.state / "drill.lock"):
            left = LocalRestores(layout=layout).disturbed()
            for folder in left:
                say(f"{folder.path.name}:")
                undo_one(layout, folder, progress())
        say("Nothing is left to undo." if not left else "All is as it was, or restored.")


def venue(layout: Layout) -> Venue:
    """Return where a restore is tried."""
    return LocalRestores(layout=layout)


def _hold(scenario: Scenario, place: Venue, layout: Layout, users: int, *, quiet: bool) -> tuple[Held, Path]:
    """Hold a drill in a folder of its own; `quiet` leaves standard output to others."""
    folder = layout.state / RESTORES / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{scenario.name}"
    say(f"{scenario.name}: {scenario.hypothesis}", err=quiet)
    with accounted(folder):
        tell = _ignore if quiet else progress()
        return asyncio.run(hold(scenario, place, folder, tell, users=users)), folder


def _require_local(on: str, layout: Layout) -> None:
    """Raise FaultError for a deployment on AWS, UnknownDeployment for one that there is not."""
    if [each.name for each in deployments_named(on)] != [layout.deployment.name]:
        raise FaultError(
            f"A restore is drilled on this machine only, since it damages users: not in {on}. On AWS do what "
            "pipeline/restore/runbook.md says; its restore tests look at backups there."
        )


def _show(held: Held, folder: Path) -> None:
    """Print the verdict in one line, and where its report is."""
    word = typer.style("met", fg="green") if held.met else typer.style("missed", fg="red")
    say(f"{word}: {held.sentence}\n{folder / 'report.html'}\n")


def _ignore(_line: str) -> None:
    pass


def _layout(port: int, state: Path | None) -> Layout:
    return Layout(port=port) if state is None else Layout(port=port, state=state.resolve())
