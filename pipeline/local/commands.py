"""Runs the tools that the platform is made with, and ends them when it is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.local.errors import LocalError

LAST_LINES = 12


def run(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path) -> None:
    """Run a command to its end, its output kept in a log.

    Raises:
        LocalError: it failed; its last lines are in the message.
    """
    finish(start(command, cwd=cwd, environment=environment, log=log), log)


def start(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, so that it can be ended whole; `finish` awaits it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def finish(process: subprocess.Popen[bytes], log: Path) -> None:
    """Await a command; an interruption of this program ends it first.

    Raises:
        LocalError: it failed; its last lines are in the message.
    """
    try:
        status = process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    if status != 0:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        words = "\n  ".join(lines[-LAST_LINES:]) or "it said nothing"
        name = " ".join(str(argument) for argument in process.args)  # type: ignore[union-attr]
        raise LocalError(f"This failed with status {status}: {name}\n  {words}\n  (all of it: {log})")
