"""What the drills say on a terminal, or into a pipe that somebody may close at any time."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer
from rich.console import Console

from pipeline.drill.report import summary
from pipeline.drill.report.drilled import Drilled
from pipeline.drill.report.summary import Entry


def say(text: str, *, err: bool = False) -> None:
    """Print lines, without colours off a terminal; when nobody reads them any more, go on without."""
    stream = sys.stderr if err else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")  # "≤" is in every verdict, and not in every encoding
    try:
        typer.echo(text, err=err, color=False if os.environ.get("NO_COLOR") else None)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def progress() -> Callable[[str], None]:
    """Return what prints a line of progress, with the seconds that passed since."""
    began = time.monotonic()
    return lambda line: say(f"{time.monotonic() - began:6.1f} s  {line}")


def show(drilled: Drilled, folder: Path) -> None:
    """Print the verdict on a drill in one line, and where its report is."""
    word = typer.style("met", fg="green") if drilled.met else typer.style("missed", fg="red")
    say(f"{word}: {drilled.sentence}\n{folder / 'report.html'}\n")


def sum_up(entries: list[Entry]) -> None:
    """Print several drills as a table."""
    console = Console()
    with console.capture() as captured:
        console.print(summary.summary(entries))
    say(captured.get())
