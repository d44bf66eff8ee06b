"""Runs the tools that the platform is made with, and ends them when it is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.local.errors import LocalError

LAST_LINES = 12
END_DEADLINE_S = 5.0
DISK_FULL = ("ENOSPC", "No space left on device")


def run(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path) -> None:
    """Run a command to its end, its output kept in a log.

    Raises:
        LocalError: it failed; its last lines are in the message.
    """
    with started(command, cwd=cwd, environment=environment, log=log) as process:
        finish(process, log)


@contextmanager
def started(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a process group of its own; all of it has ended when the block is left."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def finish(process: subprocess.Popen[bytes], log: Path) -> None:
    """Await a command.

    Raises:
        LocalError: it failed, with its last lines in the message, or the disk is full.
    """
    if status := process.wait():
        words = last_words(log)
        name = " ".join(str(argument) for argument in process.args)  # type: ignore[union-attr]
        raise LocalError(f"This failed with status {status}: {name}\n  {words}\n  (all of it: {log})")


def last_words(log: Path) -> str:
    """Return the last lines of a log that say something, each but the first indented by two blanks.

    Raises:
        LocalError: they say that the disk is full.
    """
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    if any(sign in line for line in lines for sign in DISK_FULL):
        raise LocalError(f"The disk is full: free some space, then run the same command again ({log}).")
    return "\n  ".join(lines[-LAST_LINES:]) or "it said nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_DEADLINE_S)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
