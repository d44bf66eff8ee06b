"""The command line of the drills: `python -m pipeline.drill list | run | all`."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.drill.outcome import COULD_NOT_RUN, MET, MISSED, accounted, reason, reported
from pipeline.drill.report import record, summary
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.summary import Entry
from pipeline.drill.scenarios import SCENARIOS
from pipeline.drill.terminal import progress, say, sum_up
from pipeline.drill.terminal import show as show_verdict
from pipeline.drill.venues import venue
from pipeline.drill.whole import Venue, hold
from pipeline.local.layout import Layout

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

Port = Annotated[int, typer.Option(envvar="PORT", help="The front door's port of the local platform.")]
State = Annotated[
    Path | None,
    typer.Option(envvar="PLATFORM_STATE", help="The folder that keeps the local platform's state."),
]
Reports = Annotated[
    Path | None, typer.Option(help="The folder for reports; that of the state has one, named drills.")
]
Scale = Annotated[
    float, typer.Option(help="How many times faster every interval and TTL runs.", min=1, max=20)
]
On = Annotated[str, typer.Option(help="The deployment: local, or one on AWS.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")]
DryRun = Annotated[bool, typer.Option(help="Print the plan and its calls, and do nothing.")]


@app.command(name="list")
def show() -> None:
    """List the scenarios."""
    for scenario in SCENARIOS.values():
        say(f"{scenario.name:18} {scenario.hypothesis}")


@app.command()
def run(
    scenario: Annotated[
        str | None, typer.Argument(help="region-outage where nothing else is asked for; on AWS api-outage.")
    ] = None,
    *,
    time_scale: Scale = 1,
    on: On = "local",
    port: Port = 8080,
    state: State = None,
    reports: Reports = None,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Hold one drill: exit 0 if its objectives are met, 1 if not, 2 if it could not be held."""
    with reported():
        place = venue(on, _layout(port, state), time_scale)
        if dry_run:
            say("\n".join(place.plan(place.scenario(scenario or place.usual))))
            return
        drills = reports.resolve() if reports else _drills(port, state)
        drilled, folder = _hold(scenario or place.usual, place, drills, quiet=as_json)
        if as_json:
            say(json.dumps(record.as_json(drilled), indent=2))
        else:
            show_verdict(drilled, folder)
        raise typer.Exit(MET if drilled.met else MISSED)


@app.command(name="all")
def every(
    *,
    time_scale: Scale = 10,
    times: Annotated[int, typer.Option(min=1, help="How often each.")] = 1,
    port: Port = 8080,
    state: State = None,
) -> None:
    """Hold every drill on the local platform, with a table in the end: exit 0 if all are met."""
    with reported():
        place = venue("local", _layout(port, state), time_scale)
        entries = [_entry(name, place, _drills(port, state)) for _ in range(times) for name in SCENARIOS]
        sum_up(entries)
        index = _drills(port, state) / "index.html"
        index.write_bytes(summary.index(entries).encode())
        say(str(index))
        outcomes = {entry.met for entry in entries}
        raise typer.Exit(COULD_NOT_RUN if None in outcomes else MISSED if False in outcomes else MET)


def _entry(name: str, place: Venue, drills: Path) -> Entry:
    """Hold one of several drills, and go on with the next one whatever became of it."""
    try:
        drilled, folder = _hold(name, place, drills, quiet=False)
    except Exception as error:
        why = reason(error)
        say(f"could not run: {why}\n", err=True)
        return Entry.could_not_run(name, why)
    show_verdict(drilled, folder)
    return Entry.of(drilled, report=f"{folder.name}/report.html")


def _hold(name: str, place: Venue, drills: Path, *, quiet: bool) -> tuple[Drilled, Path]:
    """Hold a drill in a folder of its own; `quiet` leaves standard output to others."""
    scenario = place.scenario(name)
    folder = drills / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{scenario.name}"
    say(f"{scenario.name}: {scenario.hypothesis}", err=quiet)
    with accounted(folder):
        tell = _ignore if quiet else progress()
        return asyncio.run(hold(scenario, place, folder, tell)), folder


def _ignore(_line: str) -> None:
    pass


def _layout(port: int, state: Path | None) -> Layout:
    return Layout(port=port) if state is None else Layout(port=port, state=state.resolve())


def _drills(port: int, state: Path | None) -> Path:
    return _layout(port, state).state / "drills"
