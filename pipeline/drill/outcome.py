"""How a command ends: exit statuses, and one message about whatever kept a drill from being held."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.choice import UnknownDeployment
from pipeline.drill.faults import FaultError
from pipeline.drill.ledger import LedgerDamagedError
from pipeline.drill.performance import Folder
from pipeline.drill.probes import ProbeError
from pipeline.drill.rows import UnknownRowError
from pipeline.drill.terminal import say
from pipeline.local.errors import LocalError

MET, MISSED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130
FORESEEN = (
    FaultError,
    ProbeError,
    LedgerDamagedError,
    UnknownRowError,
    UnknownDeployment,
    LocalError,
    BotoCoreError,
    ClientError,
    OSError,
    ValueError,
)


def reason(error: Exception) -> str:
    """Return what to say of an error: its message, or where it comes from if nobody foresaw it."""
    if not isinstance(error, FORESEEN):
        return "".join(traceback.format_exception(error)).rstrip()
    return str(error).removeprefix(f"[Errno {getattr(error, 'errno', None)}] ")


@contextmanager
def reported() -> Iterator[None]:
    """Turn what went wrong into a message and an exit status: 2 could not run, 130 interrupted."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:  # whatever it is: 1 is what a drill exits with that was held, and missed
        say(typer.style(reason(error), fg="red"), err=True)
        raise typer.Exit(COULD_NOT_RUN) from error
    except KeyboardInterrupt as interrupt:
        say("Interrupted.", err=True)
        raise typer.Exit(INTERRUPTED) from interrupt


@contextmanager
def accounted(folder: Path) -> Iterator[None]:
    """Say what is left of a drill that ends before its report: its evidence, and what is still disturbed."""
    try:
        yield
    except BaseException:
        with suppress(OSError, ValueError):
            for each in Folder(path=folder).disturbances.all:
                say(f"Still disturbed, for the drill's watchdog to put right now: {each}", err=True)
        if folder.exists():
            say(f"The evidence so far: {folder}", err=True)
        raise
