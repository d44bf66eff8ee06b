"""The process of an emulated Region, frozen, thawed and lost with all that it had."""

from __future__ import annotations

import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from pipeline.drill.faults import FaultError
from pipeline.local.errors import LocalError
from pipeline.local.service import Service

DEADLINE_S = 10.0


def freeze(service: Service) -> None:
    """Stop a Region and all that it started, so that nothing in it runs, answers or is refused."""
    _signal(service, signal.SIGSTOP)
    _await_frozen(service)


def thaw(service: Service, *, functions: bool = True) -> None:
    """Let a Region go on, and return when it answers; one that ran all the time is left as it is.

    Without `functions` those that it had at work are ended first: their time has run out.
    """
    process = service.process
    if process is not None and not functions:
        for worker in process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                worker.kill()
    _signal(service, signal.SIGCONT)
    try:
        service.await_ready()
    except LocalError as error:
        raise FaultError(f"{service.name} does not answer since it goes on: {error}") from error


def lose(service: Service, state: Path) -> None:
    """Kill a Region with all that it started, and take its disk away; it may be down, or frozen, already.

    The folder is only put aside here, for `discard`: to delete it would slow this machine while clients work.
    """
    process = service.process
    if process is not None:
        family = [process, *process.children(recursive=True)]
        _signal(service, signal.SIGKILL)
        for member in family:
            if member.is_running():
                member.kill()
        service.await_stopped(family)
    if state.exists():
        state.rename(state.with_name(f"{state.name}.lost-{time.time_ns()}"))


def discard(state: Path) -> None:
    """Delete what `lose` put aside of a folder."""
    for lost in state.parent.glob(f"{state.name}.lost-*"):
        shutil.rmtree(lost)


def _signal(service: Service, number: signal.Signals) -> None:
    try:
        service.signal(number)
    except (LocalError, ProcessLookupError) as error:
        raise FaultError(f"{service.name} does not run: start it, with `make up`.") from error


def _await_frozen(service: Service) -> None:
    ends = time.monotonic() + DEADLINE_S
    process = service.process
    while process is not None and process.status() != psutil.STATUS_STOPPED:
        if time.monotonic() > ends:
            raise FaultError(f"{service.name} was told to stop, and is {process.status()}.")
        time.sleep(0.01)
