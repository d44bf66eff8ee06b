"""Runs a command that does not outlive whoever started it, however that one ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# What heals on its way out, as a drill does, is given time for it.
GRACE_S = 20
# The shell holds the reading end of a pipe, whose other end is with us alone. Nobody can keep a pipe open
# after death, not even by SIGKILL: when it ends, the shell ends its group, which all of the command is in.
HOLDER = """\
exec 3<&0 < /dev/null
grace=$1; shift
"$@" 3<&- &
held=$!
(
  trap '' TERM
  cat <&3 > /dev/null
  kill -TERM 0
  while kill -0 "$held" 2> /dev/null && [ "$grace" -gt 0 ]; do sleep 0.1; grace=$((grace - 1)); done
  kill -KILL 0
) > /dev/null 2>&1 &
exec 3<&-
trap : TERM
wait "$held"; status=$?
while kill -0 "$held" 2> /dev/null; do wait "$held"; status=$?; done
exit "$status"
"""


async def run(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path) -> int:
    """Run a command to its end and return its status, its output added to a log as it comes.

    Cancelled, it ends the command and all of its process group: asked by SIGTERM, then killed when the
    command has ended, or after 20 s. When this program is killed that is done too, by another process.
    """
    starting = asyncio.ensure_future(_start(command, cwd=cwd, environment=environment, log=log))
    try:
        process = await asyncio.shield(starting)
        return await process.wait()
    finally:
        ending = asyncio.ensure_future(_end(starting))
        while not ending.done():  # a second cancellation cannot leave it half-ended
            with suppress(asyncio.CancelledError):
                await asyncio.shield(ending)
        ending.result()


async def _start(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], log: Path
) -> asyncio.subprocess.Process:
    """Start a command; cancelled half-way, asyncio would leave children of it."""
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            HOLDER,
            "holder",
            str(GRACE_S * 10),
            *command,
            cwd=cwd,
            env=dict(environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )


async def _end(starting: asyncio.Future[asyncio.subprocess.Process]) -> None:
    """End what is left of a command's group; what left that, as a Region that a drill starts, goes on."""
    try:
        process = await starting
    except OSError:  # there is nothing to end; whoever waits for the start is told
        return
    _signal(process.pid, signal.SIGTERM)
    with suppress(TimeoutError):
        async with asyncio.timeout(GRACE_S):
            await process.wait()
    _signal(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS forbids it for a group of zombies
        os.killpg(group, number)
